#ifndef SPILLWAY_CRANDOM_H
#define SPILLWAY_CRANDOM_H
#include <gsl/gsl_rng.h>
#endif
