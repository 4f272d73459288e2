"""Builds the measured programs that are not built yet or are older than their sources."""
import os
import re
import shutil
import signal
import subprocess
import sys

from machine import BENCH, REFERENCE, REFERENCE_BUILD, ROOT, Refusal, find_jdk, first_line

# Touched after a Maven build. A source that is newer makes another build necessary.
JAVA_STAMP = BENCH / "target/bench.built"
BUILD_SECONDS = 900
BUILD_TYPE = "Release"
# Must be read before the bench pins itself to a core.
ALL_CORES = os.sched_getaffinity(0)


def build(java_too):
    """Builds what is not built. Returns the reasons why something cannot be built, by "c" and "java"."""
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
    # The build type is set explicitly, because somebody may have configured the tree for debugging.
    run_build("C programs", ["cmake", "-S", REFERENCE, "-B", REFERENCE_BUILD, f"-DCMAKE_BUILD_TYPE={BUILD_TYPE}"])
    run_build("C programs", ["cmake", "--build", REFERENCE_BUILD])


def c_compiler(folder=REFERENCE_BUILD):
    """Returns (compiler, flags) of the C programs as CMake calls the compiler; None for each if they are not built."""
    cache, flags = folder / "CMakeCache.txt", folder / "CMakeFiles/echo_gso.dir/flags.make"
    path = cache.exists() and re.search(r"^CMAKE_C_COMPILER:\w+=(.+)$", cache.read_text(), re.MULTILINE)
    words = flags.exists() and re.search(r"^C_FLAGS = (.+)$", flags.read_text(), re.MULTILINE)
    return first_line([path[1], "--version"]) if path else None, words[1].strip() if words else None


def build_java():
    find_jdk()
    if not java_is_fresh():
        need({"mvn": "maven"})
        run_build("Java", ["mvn", "-q", "-f", ROOT / "pom.xml", "-pl", "bench", "-am", "-DskipTests", "-DskipTestCompile", "package"])
        JAVA_STAMP.touch()


def java_is_fresh():
    """Returns whether the Java programs are newer than their sources, so that no old code is measured."""
    sources = [p for m in ("bindings", "java", "bench")
               for p in [*ROOT.glob(f"{m}/**/src/main/**/*.java"), *ROOT.glob(f"{m}/**/pom.xml")]]
    return JAVA_STAMP.exists() and all(p.stat().st_mtime < JAVA_STAMP.stat().st_mtime for p in sources)


def run_build(what, command):
    print(f"building: {what}", file=sys.stderr)
    try:
        done = run_session(command, BUILD_SECONDS, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        raise Refusal(f"building the {what} took over {BUILD_SECONDS} s") from None
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        raise Refusal(f"building the {what} failed; the output is above")


def run_session(command, seconds, stderr=subprocess.PIPE, env=None):
    """
    Like subprocess.run, but on all cores and in a new session. On a timeout all processes of that session are killed,
    because make and Maven start others.
    """
    with subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
                          text=True, env=env, start_new_session=True,
                          preexec_fn=lambda: os.sched_setaffinity(0, ALL_CORES)) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
            return subprocess.CompletedProcess(command, process.returncode, output, errors)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
