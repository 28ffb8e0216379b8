"""A disk that fails: a library, put before the C library, whose calls fail as a full, read-only or broken disk's do.

Calls on files and names beneath one folder count, in this process and in every process that it starts; the `at`-th is
struck. A full disk stays full and a read-only one read-only; an fsync fails once, as Linux reports it once; a kill, or
an interrupt as from Ctrl-C, comes once. What is to fail stands in a file that the processes share (`State`), so that it
can change while they run.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

MODES = {"nothing": 0, "full": 1, "read-only": 2, "fsync": 3, "kill": 4, "interrupt": 5}
VARIABLE = "TESTS_FAILING_DISK"
_LAYOUT = struct.Struct("=qqq6q")  # mode, at, struck, met by mode; then the folder's path, ended by a zero
_SIZE = 4096
_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct state { long mode, at, struck, met[6]; char folder[]; } *state;  /* met: by mode */

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("TESTS_FAILING_DISK");
  int file = path ? open(path, O_RDWR) : -1;
  if (file < 0) return;
  void *map = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (map != MAP_FAILED) state = map;
}

enum { FULL = 1, READ_ONLY, FSYNC, KILL, INTERRUPT };

static int beneath(const char *path) {
  char whole[PATH_MAX];
  if (path[0] != '/') {  /* a relative path: the working folder stands before it */
    if (!getcwd(whole, sizeof whole - strlen(path) - 2)) return 0;
    strcat(strcat(whole, "/"), path);
    path = whole;
  }
  return strncmp(path, state->folder, strlen(state->folder)) == 0;
}

static int open_beneath(int file) {
  char link[40], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return beneath(path);
}

/* Whether this call, one of `kind`, fails (errno is set); it may be killed or interrupted instead. */
static int struck(int kind, int error) {
  int any = state->mode == KILL || state->mode == INTERRUPT;
  long of_all = __atomic_add_fetch(&state->met[KILL], 1, __ATOMIC_SEQ_CST);
  long of_kind = __atomic_add_fetch(&state->met[kind], 1, __ATOMIC_SEQ_CST);
  if (any ? of_all != state->at : state->mode != kind) return 0;
  if (!any && (kind == FSYNC ? of_kind != state->at : of_kind < state->at)) return 0;
  __atomic_add_fetch(&state->struck, 1, __ATOMIC_SEQ_CST);
  if (any) { kill(getpid(), state->mode == KILL ? SIGKILL : SIGINT); return 0; }
  errno = error;
  return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define ON_FILE(file, kind, error) if (state && state->folder[0] && open_beneath(file) && struck(kind, error)) return -1
#define ON_PATH(path, kind, error) if (state && state->folder[0] && beneath(path) && struck(kind, error)) return -1

ssize_t write(int f, const void *b, size_t n) { REAL(write); ON_FILE(f, FULL, ENOSPC); return real(f, b, n); }
ssize_t pwrite(int f, const void *b, size_t n, off_t o) {
  REAL(pwrite); ON_FILE(f, FULL, ENOSPC); return real(f, b, n, o);
}
ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) {
  REAL(pwrite64); ON_FILE(f, FULL, ENOSPC); return real(f, b, n, o);
}
static int grows(int f, off64_t n) { struct stat64 s; return fstat64(f, &s) == 0 && n > s.st_size; }
int ftruncate(int f, off_t n) { REAL(ftruncate); if (grows(f, n)) ON_FILE(f, FULL, ENOSPC); return real(f, n); }
int ftruncate64(int f, off64_t n) { REAL(ftruncate64); if (grows(f, n)) ON_FILE(f, FULL, ENOSPC); return real(f, n); }

int fsync(int f) { REAL(fsync); ON_FILE(f, FSYNC, EIO); return real(f); }
int fdatasync(int f) { REAL(fdatasync); ON_FILE(f, FSYNC, EIO); return real(f); }

#define WRITES(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & O_CREAT))
#define MODE_OF(flags) va_list rest; va_start(rest, flags); \
  mode_t mode = (flags) & O_CREAT ? va_arg(rest, mode_t) : 0; va_end(rest)
int open(const char *p, int flags, ...) {
  REAL(open); MODE_OF(flags); if (WRITES(flags)) ON_PATH(p, READ_ONLY, EROFS); return real(p, flags, mode);
}
int open64(const char *p, int flags, ...) {
  REAL(open64); MODE_OF(flags); if (WRITES(flags)) ON_PATH(p, READ_ONLY, EROFS); return real(p, flags, mode);
}
int rename(const char *a, const char *b) { REAL(rename); ON_PATH(b, READ_ONLY, EROFS); return real(a, b); }
int link(const char *a, const char *b) { REAL(link); ON_PATH(b, READ_ONLY, EROFS); return real(a, b); }
int unlink(const char *p) { REAL(unlink); ON_PATH(p, READ_ONLY, EROFS); return real(p); }
int mkdir(const char *p, mode_t m) { REAL(mkdir); ON_PATH(p, READ_ONLY, EROFS); return real(p, m); }
"""

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler to build the failing disk with")


def build(folder: Path) -> Path:
    """Compile the library."""
    source, library = folder / "failing_disk.c", folder / "failing_disk.so"
    source.write_text(_SOURCE)
    subprocess.run(["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source, "-ldl"], check=True)
    return library


class State:
    """What is to fail, and what came of it; the file is shared with the processes under test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as stream:
            self._map = mmap.mmap(stream.fileno(), _SIZE)

    def arm(self, mode: str, at: int = 0, folder: Path | None = None) -> None:
        """Strike the `at`-th call of a kind beneath a folder (the one before, unless given)."""
        if folder is not None:
            path = os.fsencode(folder) + b"\0"
            self._map[_LAYOUT.size : _LAYOUT.size + len(path)] = path
        _LAYOUT.pack_into(self._map, 0, MODES[mode], at, *[0] * 7)

    def met(self, mode: str) -> int:
        """Calls that a mode would strike since it was armed."""
        return int(_LAYOUT.unpack_from(self._map)[3 + MODES[mode]])

    @property
    def struck(self) -> int:
        """Calls that failed since it was armed."""
        return int(_LAYOUT.unpack_from(self._map)[2])


def environment(library: Path, state: State) -> dict[str, str]:
    """This process's environment, for a process under the failing disk."""
    return {
        **os.environ,
        "LD_PRELOAD": str(library),
        VARIABLE: str(state.path),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
