#include "CRandom.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

// A fused multiply-add would round differently on machines that have one.
#pragma STDC FP_CONTRACT OFF

// GSL's default handler aborts the process on a bad argument. Arguments are checked where they
// enter, and functions answer NaN. Before main, so that no call comes earlier.
__attribute__((constructor)) static void crandom_silence_gsl(void) {
  gsl_set_error_handler_off();
}

// Where a draw reads its randomness. A draw owns the blocks 0, 1, 2, ... of its
// (key, subject, number); no draw can reach another one's blocks.
typedef struct crandom_state {
  uint64_t key;
  uint64_t subject;
  uint64_t spare;
  uint32_t number;
  uint32_t block;
  uint32_t has_spare;
} crandom_state;

static void set(void *memory, unsigned long int seed) {
  crandom_state *state = memory;
  crandom_state fresh = {.key = seed};
  *state = fresh;
}

static unsigned long int get(void *memory) {
  crandom_state *state = memory;
  if (state->has_spare) {
    state->has_spare = 0;
    return state->spare;
  }
  uint64_t low = (uint64_t)state->number << 32 | state->block;
  crandom_words words = crandom_philox(state->key, low, state->subject);
  state->block++;
  state->spare = words.second;
  state->has_spare = 1;
  return words.first;
}

static double get_double(void *memory) {
  return (double)(get(memory) >> 11) * 0x1p-53;
}

// The generator as GSL sees it: 64-bit integers, 53-bit doubles in [0, 1).
static const gsl_rng_type philox_type = {
    .name = "philox4x32-10",
    .max = UINT64_MAX,
    .min = 0,
    .size = sizeof(crandom_state),
    .set = set,
    .get = get,
    .get_double = get_double,
};

double crandom_gaussian(uint64_t key, uint64_t subject, uint32_t number) {
  crandom_state state = {.key = key, .subject = subject, .number = number};
  gsl_rng generator = {.type = &philox_type, .state = &state};
  return gsl_ran_gaussian_ziggurat(&generator, 1.0);
}

double crandom_gamma(uint64_t key, uint64_t subject, uint32_t number, double shape) {
  crandom_state state = {.key = key, .subject = subject, .number = number};
  gsl_rng generator = {.type = &philox_type, .state = &state};
  return gsl_ran_gamma(&generator, shape, 1.0);
}
