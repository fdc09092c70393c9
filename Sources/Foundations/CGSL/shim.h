#ifndef SPILLWAY_CGSL_SHIM_H
#define SPILLWAY_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf.h>
#include <gsl/gsl_version.h>
#include <math.h>

/* The version of the library that was linked; its own variable isn't safe for Swift's checks. */
static inline const char *_Nonnull cgsl_version(void) { return gsl_version; }

#endif
