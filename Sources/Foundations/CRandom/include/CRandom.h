#ifndef SPILLWAY_CRANDOM_H
#define SPILLWAY_CRANDOM_H

#include <stdint.h>

// Two 64-bit words: one block of Philox 4x32.
typedef struct crandom_words {
  uint64_t first;
  uint64_t second;
} crandom_words;

// Philox 4x32 with 10 rounds: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC'11, section 3.3 (multipliers and Weyl constants from
// its table). Words are little-endian: the low half of `counter_low` is counter word 0.
static inline crandom_words crandom_philox(
    uint64_t key, uint64_t counter_low, uint64_t counter_high) {
  uint32_t c0 = (uint32_t)counter_low, c1 = (uint32_t)(counter_low >> 32);
  uint32_t c2 = (uint32_t)counter_high, c3 = (uint32_t)(counter_high >> 32);
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c0;
    uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  crandom_words words = {
      (uint64_t)c1 << 32 | c0,
      (uint64_t)c3 << 32 | c2,
  };
  return words;
}

// A standard normal number by the ziggurat method.
double crandom_gaussian(uint64_t key, uint64_t subject, uint32_t number);

// A gamma-distributed number with scale 1 by the method of Marsaglia and Tsang.
double crandom_gamma(uint64_t key, uint64_t subject, uint32_t number, double shape);

#endif
