"""The description of the machine."""
import gzip
import platform
import tempfile
import unittest
from pathlib import Path

import machine

CONFIG = b"CONFIG_IRQ_TIME_ACCOUNTING_X=m\nCONFIG_HZ=1000\n# CONFIG_IRQ_TIME_ACCOUNTING is not set\nCONFIG_HAVE_IRQ_TIME_ACCOUNTING=y\n"


class KernelOptions(unittest.TestCase):
    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "proc").mkdir()
        (self.root / "boot").mkdir()

    def option(self):
        return machine.kernel_option("CONFIG_IRQ_TIME_ACCOUNTING", self.root)

    def test_unknown_without_a_configuration(self):
        self.assertIsNone(self.option())

    def test_the_kernels_own_configuration(self):
        (self.root / "proc/config.gz").write_bytes(gzip.compress(CONFIG))
        self.assertEqual("n", self.option())

    def test_the_distributions_file(self):
        (self.root / f"boot/config-{platform.release()}").write_bytes(CONFIG + b"CONFIG_IRQ_TIME_ACCOUNTING=y\n")
        self.assertEqual("y", self.option())

    def test_is_in_the_description(self):
        self.assertIn(machine.describe((0, 0), None)["irqTimeAccounting"], (True, False, "unknown"))


if __name__ == "__main__":
    unittest.main()
