/**
 * The probability that |T| exceeds `t` for Student's T with a whole number of degrees of freedom: the finite series of Abramowitz and
 * Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4. Absolute error about 1e-15. O(degrees of freedom).
 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  return 1 - centralProbability(Math.atan(Math.abs(t) / Math.sqrt(degreesOfFreedom)), degreesOfFreedom);
}

/** The half-width, in standard errors, of a two-sided interval that misses with probability `error`. Infinity for no error. */
export function studentQuantile(error: number, degreesOfFreedom: number): number {
  if (error <= 0) return Number.POSITIVE_INFINITY;
  if (error >= 1) return 0;
  // In the angle the tails of few degrees of freedom are finite, and 60 halvings are all that a double can tell apart.
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (1 - centralProbability(middle, degreesOfFreedom) > error) low = middle;
    else high = middle;
  }
  return Math.tan((low + high) / 2) * Math.sqrt(degreesOfFreedom);
}

/** The probability that |T| ≤ √v·tan(angle). */
function centralProbability(angle: number, v: number): number {
  const sin = Math.sin(angle);
  const cos = Math.cos(angle);
  const odd = v % 2 === 1;
  // The series' terms: powers of the cosine, each with the quotient of the products of odd and of even numbers below it.
  let term = odd ? cos : 1;
  let sum = v === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= v - 2; power += 2) {
    term *= ((power - 1) / power) * cos * cos;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}
