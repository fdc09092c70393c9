// Lets a static program start where there is no /proc, as in an empty root.
//
// Before main, Swift's runtime looks for itself by /proc/self/exe, in order to find the program that
// prints backtraces, and aborts without it unless it is told its root; and it may not get hold of the
// program's arguments. Both are told here, ahead of the runtime's own initialisers.

#include <stdlib.h>

extern void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

__attribute__((constructor(101))) static void tellRuntime(int count, char **arguments) {
  setenv("SWIFT_ROOT", "/", 0);
  _swift_stdlib_overrideUnsafeArgvArgc(arguments, count);
}
