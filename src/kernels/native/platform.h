/* On Linux x64, the oldest versions of glibc's symbols that will do: what is built against a new glibc then loads with an old one. */
#ifndef PLATFORM_H
#define PLATFORM_H
#if defined(__linux__)
#include <features.h>
#endif
#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__)
#define OLDEST(name) __asm__(".symver " #name "," #name "@GLIBC_2.2.5")
OLDEST(pthread_create);
OLDEST(pthread_detach);
OLDEST(dlopen);
OLDEST(dlsym);
OLDEST(dladdr);
OLDEST(memcpy);
#endif
#endif
