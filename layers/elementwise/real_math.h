// Exponentials, logarithms and powers in double by plain arithmetic, so that all machines give the same bits: the
// system's own differ between processors. Within 5 ulp of double (powers: 2e-14 relative), hence the nearest float but
// for near ties.
#pragma once

namespace fovea {

double exp_of(double x) noexcept;
/// exp(x) - 1, and log(1 + x), exact for small x too.
double exp_less_1_of(double x) noexcept;
double log_of(double x) noexcept;
double log_1_plus_of(double x) noexcept;
double log_2_of(double x) noexcept;
/// As C's pow() for values of float: of negative numbers whole powers only, 0^0 is 1.
double power_of(double x, double exponent) noexcept;

}  // namespace fovea
