/* A disk that says no to fsync from the moment the file named by SYNC_FAILS is there.
   Loaded before the C library by test_devices.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int failing(void)
{
    const char *mark = getenv("SYNC_FAILS");
    return mark != NULL && access(mark, F_OK) == 0;
}

static int synced(const char *name, int file)
{
    if (failing()) {
        errno = EIO;
        return -1;
    }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(file);
}

int fsync(int file) { return synced("fsync", file); }

int fdatasync(int file) { return synced("fdatasync", file); }
