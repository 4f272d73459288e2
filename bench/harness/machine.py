"""The machine: its JDK, its cores and its description."""
import gzip
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "native/reference"
REFERENCE_BUILD = REFERENCE / "target"
BENCH = ROOT / "bench"


class Refusal(Exception):
    """Raised if nothing can be measured; the message is the reason in one line."""


def find_jdk():
    """Returns the first JDK 25 or newer of JAVA_HOME, PATH and /usr/lib/jvm."""
    candidates = [os.environ.get("JAVA_HOME"), shutil.which("java")]
    homes = [Path(c) if Path(c).is_dir() else Path(c).resolve().parents[1] for c in candidates if c]
    for home in homes + sorted(Path("/usr/lib/jvm").glob("*")):
        release = home / "release"
        version = release.exists() and re.search(r'JAVA_VERSION="((\d+)[^"]*)"', release.read_text())
        if version and int(version[2]) >= 25:
            return home / "bin/java", version[1]
    raise Refusal("no JDK 25 or newer was found; set JAVA_HOME to one")


def choose_cores(text):
    """Returns the cores (server, load), given as SERVER,LOAD or the last two: the first cores have most interrupts."""
    allowed = sorted(os.sched_getaffinity(0))
    try:
        chosen = [int(c) for c in text.split(",")] if text else [allowed[-1], allowed[-2]]
        server, load = chosen
    except (ValueError, IndexError):
        raise Refusal("two cores are needed; name them by --cores SERVER,LOAD") from None
    if server == load or not {server, load} <= set(allowed):
        raise Refusal(f"--cores {server},{load}: they must be two different cores of {allowed}")
    return server, load


def describe(cores, twisted, compiler=(None, None)):
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    netty = next(BENCH.glob("target/lib/netty-common-*.jar"), None)
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "cpu": f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores",
        "memoryMegabytes": int(memory[1]) // 1024 if memory else None,
        "kernel": platform.release(),
        "jdk": java_version(),
        "netty": netty.stem.removeprefix("netty-common-") if netty else None,
        "twisted": twisted,
        "python": platform.python_version(),
        "gcc": compiler[0],
        "cFlags": compiler[1],
        "serverCore": cores[0],
        "loadCore": cores[1],
        "oneCoreTwice": cores[1] in siblings(cores[0]),
        "rmemMax": int(Path("/proc/sys/net/core/rmem_max").read_text()),
        "irqTimeAccounting": {"y": True, "n": False}.get(kernel_option("CONFIG_IRQ_TIME_ACCOUNTING"), "unknown"),
        "loadAverage": list(os.getloadavg()),
        "commit": first_line(["git", "-C", ROOT, "describe", "--always", "--dirty"]),
    }


def kernel_option(name, folder=Path("/")):
    """Returns y, m or n for an option of the running kernel, or None if its configuration cannot be read."""
    for path in (folder / "proc/config.gz", folder / f"boot/config-{platform.release()}"):
        try:
            content = path.read_bytes()
            lines = (gzip.decompress(content) if path.suffix == ".gz" else content).decode().splitlines()
        except (OSError, ValueError, EOFError):
            continue
        return next((line.partition("=")[2] for line in lines if line.startswith(f"{name}=")), "n")
    return None


def java_version():
    try:
        return find_jdk()[1]
    except Refusal:
        return None


def first_line(command):
    try:
        done = subprocess.run([str(w) for w in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip().split("\n")[0] or None if done.returncode == 0 else None


def siblings(core):
    """Returns the hardware threads of the physical core, including the given one."""
    path = Path(f"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list")
    numbers = set()
    for part in path.read_text().strip().split(",") if path.exists() else []:
        first, _, last = part.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def busy_seconds(cores):
    """Returns the seconds that the cores were busy for all programs (proc(5): all columns except idle and iowait)."""
    ticks = 0
    for line in Path("/proc/stat").read_text().splitlines():
        name, *columns = line.split()
        if name in {f"cpu{core}" for core in cores}:
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, columns[:8])
            ticks += user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")
