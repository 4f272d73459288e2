"""The machine: its tools, its cores, what is built on it and how it is described."""
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "native/reference"
REFERENCE_BUILD = REFERENCE / "target"
BENCH = ROOT / "bench"
# Written after a Maven build: whatever is newer calls for another.
JAVA_STAMP = BENCH / "target/bench.built"
BUILD_SECONDS = 900


class Refusal(Exception):
    """A reason, in one line, not to measure."""


def find_jdk():
    """JAVA_HOME, PATH, then where Debian keeps them: the first that is a JDK 25 or newer."""
    candidates = [os.environ.get("JAVA_HOME"), shutil.which("java")]
    homes = [Path(c) if Path(c).is_dir() else Path(c).resolve().parents[1] for c in candidates if c]
    for home in homes + sorted(Path("/usr/lib/jvm").glob("*")):
        release = home / "release"
        version = release.exists() and re.search(r'JAVA_VERSION="((\d+)[^"]*)"', release.read_text())
        if version and int(version[2]) >= 25:
            return home / "bin/java", version[1]
    raise Refusal("no JDK 25 or newer: set JAVA_HOME to one")


def choose_cores(text):
    """(server, load): given as SERVER,LOAD, or the last two; the first cores have most interrupts."""
    allowed = sorted(os.sched_getaffinity(0))
    try:
        chosen = [int(c) for c in text.split(",")] if text else [allowed[-1], allowed[-2]]
        server, load = chosen
    except (ValueError, IndexError):
        raise Refusal("two cores are needed, as --cores SERVER,LOAD") from None
    if server == load or not {server, load} <= set(allowed):
        raise Refusal(f"cores {server} and {load}: they must be two of {allowed}")
    return server, load


def build(java_too):
    """Builds what is not built, and tells what can't be: reasons by "c" and "java"."""
    absent = {}
    for what, action in (("c", build_c), ("java", build_java)):
        try:
            if what == "c" or java_too:
                action()
        except Refusal as e:
            absent[what] = str(e)
    return absent


def need(tools):
    for tool, package in tools.items():
        if not shutil.which(tool):
            raise Refusal(f"{tool} is missing (Debian: apt install {package})")


def build_c():
    need({"cmake": "cmake", "cc": "gcc", "make": "make"})
    if not (REFERENCE_BUILD / "CMakeCache.txt").exists():
        run_build("C programs", ["cmake", "-S", REFERENCE, "-B", REFERENCE_BUILD])
    run_build("C programs", ["cmake", "--build", REFERENCE_BUILD])


def build_java():
    find_jdk()
    if not java_is_fresh():
        need({"mvn": "maven"})
        run_build("Java", ["mvn", "-q", "-f", ROOT / "pom.xml", "-pl", "bench", "-am", "-DskipTests", "-DskipTestCompile", "package"])
        JAVA_STAMP.touch()


def java_is_fresh():
    """Numbers of yesterday's code would be worse than none."""
    sources = [p for m in ("bindings", "java", "bench")
               for p in [*ROOT.glob(f"{m}/**/src/main/**/*.java"), *ROOT.glob(f"{m}/**/pom.xml")]]
    return JAVA_STAMP.exists() and all(p.stat().st_mtime < JAVA_STAMP.stat().st_mtime for p in sources)


def run_build(what, command):
    print(f"building: {what}", file=sys.stderr)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=BUILD_SECONDS)
    except subprocess.TimeoutExpired:
        raise Refusal(f"building the {what} took over {BUILD_SECONDS} s") from None
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        raise Refusal(f"building the {what} failed, as told above")


def describe(cores, twisted):
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
        "gcc": first_line(["cc", "--version"]),
        "serverCore": cores[0],
        "loadCore": cores[1],
        "oneCoreTwice": cores[1] in siblings(cores[0]),
        "rmemMax": int(Path("/proc/sys/net/core/rmem_max").read_text()),
        "loadAverage": list(os.getloadavg()),
        "commit": first_line(["git", "-C", ROOT, "describe", "--always", "--dirty"]),
    }


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
    """The hyperthreads of the core, itself included."""
    path = Path(f"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list")
    numbers = set()
    for part in path.read_text().strip().split(",") if path.exists() else []:
        first, _, last = part.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def busy_seconds(cores):
    """What the cores have worked, for anybody (proc(5): all columns but idle and iowait)."""
    ticks = 0
    for line in Path("/proc/stat").read_text().splitlines():
        name, *columns = line.split()
        if name in {f"cpu{core}" for core in cores}:
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, columns[:8])
            ticks += user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")
