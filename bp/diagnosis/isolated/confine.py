"""What the process that runs somebody's code may no longer do, once `confine` has been called.

Three fences, one behind the other. Limits of the operating system: memory, no
byte written to a file. An audit hook, which Python itself has everywhere:
files outside the given folders aren't read, nothing is written, no process is
started or signalled, no connection made. And on Linux the kernel's filter of system
calls (seccomp), which holds whatever the code does to the interpreter;
privileges are given up with it, so that root's processes can't be looked into.
"""
import ctypes
import os
import platform
import sys

X86_64, AARCH64 = 0, 1
ARCHITECTURES = {"x86_64": (X86_64, 0xC000003E), "aarch64": (AARCH64, 0xC00000B7)}

# Numbers of the calls that fail with EPERM, on x86-64 and on AArch64, where some don't exist.
DENIED = {
    # other processes, and new ones
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "process_madvise": (440, 440), "fork": (57, None),
    "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "setns": (308, 268),
    "unshare": (272, 97), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "sched_setattr": (314, 274),
    # what outlives a process, or leaves it
    "socket": (41, 198), "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # ways around this filter
    "io_uring_setup": (425, 425), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "open_by_handle_at": (304, 265),
    # files and folders
    "creat": (85, None), "truncate": (76, 45), "unlink": (87, None), "unlinkat": (263, 35),
    "rmdir": (84, None), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "mkdir": (83, None), "mkdirat": (258, 34), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None), "mknodat": (259, 33),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51),
}
MISSING = {"clone3": (435, 435), "openat2": (437, 437)}  # "no such call": libc then takes the older ones
OPENING = {"open": ((2, None), 1), "openat": ((257, 56), 2)}  # and which argument holds the flags
CLONE, PRLIMIT = (56, 220), (302, 261)

EPERM, ENOSYS, ALLOW, ERROR = 1, 38, 0x7FFF0000, 0x00050000
CLONE_THREAD = 0x10000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

# Events of Python's audit hooks that end in a PermissionError.
FORBIDDEN = ("subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
             "os.kill", "os.killpg", "pty.", "socket.", "ctypes.dlopen", "ctypes.dlsym", "ctypes.call_function",
             "ctypes.cdata", "ctypes.string_at", "ctypes.wstring_at", "os.remove", "os.rename", "os.rmdir",
             "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime",
             "os.setxattr", "os.removexattr", "shutil.", "tempfile.", "winreg.", "signal.pthread_kill",
             "gc.get_")


def confine(memory, seconds, readable):
    """Take from this process, for good, what checking needs no code to do.

    `memory` is its limit of address space in bytes and `seconds` that of computing, where the system
    has them; files are read below the folders `readable` and nowhere else. Returns
    whether the kernel holds the fence too.
    """
    _limit(memory, seconds)
    sealed = sys.platform == "linux" and seal()
    sys.addaudithook(_hook(tuple(os.path.realpath(folder) for folder in readable)))
    return sealed


def _limit(memory, seconds):
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, most in (("AS", memory), ("CPU", seconds), ("FSIZE", 0), ("CORE", 0), ("NOFILE", 128)):
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        except (AttributeError, ValueError, OSError):
            pass  # not on this system, or already lower


def _hook(readable):
    readable = tuple(folder.rstrip(os.sep) + os.sep for folder in readable)
    realpath, fsdecode, sep, writing, forbidden = os.path.realpath, os.fsdecode, os.sep, WRITING, FORBIDDEN

    def hook(event, arguments):
        if event in ("open", "os.listdir", "os.scandir", "os.walk"):
            path = "." if arguments[0] is None else arguments[0]
            written = event == "open" and arguments[2] & writing
            if not isinstance(path, int) and (
                    written or not (realpath(fsdecode(path)) + sep).startswith(readable)):
                raise PermissionError(1, "not allowed while this code is being checked", path)
        elif event.startswith(forbidden):
            raise PermissionError(1, f"{event} is not allowed while this code is being checked")
    return hook


class _Filter(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte),
                ("k", ctypes.c_uint)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Filter))]


def program(column, architecture):
    """Return the filter as a list of (code, jump if so, jump if not, operand).

    An architecture of another name than that which the numbers are of is refused whole.
    """
    load, equal, bits, greater, give = 0x20, 0x15, 0x45, 0x35, 0x06
    number, arch, first, argument = 0, 4, 16, lambda n: 16 + 8 * n
    refuse, lines = (give, 0, 0, ERROR | EPERM), []
    lines += [(load, 0, 0, arch), (equal, 1, 0, architecture), refuse, (load, 0, 0, number)]
    if column == X86_64:
        lines += [(greater, 0, 1, 0x40000000), refuse]  # the same calls under other numbers
    for numbers in DENIED.values():
        if numbers[column] is not None:
            lines += [(equal, 0, 1, numbers[column]), refuse]
    for numbers in MISSING.values():
        lines += [(equal, 0, 1, numbers[column]), (give, 0, 0, ERROR | ENOSYS)]
    for numbers, flags in OPENING.values():
        if numbers[column] is not None:
            lines += [(equal, 0, 4, numbers[column]), (load, 0, 0, argument(flags)),
                      (bits, 0, 1, WRITING), refuse, (give, 0, 0, ALLOW)]
    lines += [(equal, 0, 4, CLONE[column]), (load, 0, 0, first), (bits, 1, 0, CLONE_THREAD), refuse,
              (give, 0, 0, ALLOW)]
    lines += [(equal, 0, 3, PRLIMIT[column]), (load, 0, 0, first), (equal, 1, 0, 0), refuse]
    return lines + [(give, 0, 0, ALLOW)]


def seal():
    """Give up privileges and load the filter; return whether the kernel took it."""
    if platform.machine() not in ARCHITECTURES:
        return False
    parent_dies, no_new_privileges, seccomp, by_filter, killed = 1, 38, 22, 2, 9
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(parent_dies, killed, 0, 0, 0)
    header = (ctypes.c_uint * 2)(0x20080522, 0)
    libc.capset(header, (ctypes.c_uint * 6)())
    lines = program(*ARCHITECTURES[platform.machine()])
    filters = (_Filter * len(lines))(*lines)
    loaded = _Program(len(lines), filters)
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(seccomp, by_filter, ctypes.byref(loaded), 0, 0) == 0
