#ifndef SPILLWAY_CGSL_SHIM_H
#define SPILLWAY_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf.h>
#include <gsl/gsl_version.h>
#include <math.h>

/* The version of the library that was linked; its own variable isn't safe for Swift's checks. */
static inline const char *_Nonnull cgsl_version(void) { return gsl_version; }

/* The types of low-discrepancy sequences, for the same reason behind a function: 0 Sobol,
   1 Niederreiter in base 2, 2 Halton, 3 reverse Halton. */
static inline const gsl_qrng_type *_Nonnull cgsl_qrng_type(int kind) {
  switch (kind) {
    case 0: return gsl_qrng_sobol;
    case 1: return gsl_qrng_niederreiter_2;
    case 2: return gsl_qrng_halton;
    default: return gsl_qrng_reversehalton;
  }
}

#endif
