"""How far fovea may be from the truth: Keras in float64, and Keras' own float32 as the measure of what is possible."""

import numpy as np

# For each arithmetic, how many times Keras' own error: of the root mean square, and of the largest. The last of them
# is the default of every program.
FACTORS = {"direct": (2, 4), "fast": (10, 20)}
FLOOR = 1e-7


def rms(error):
    return float(np.sqrt(np.mean(np.square(error, dtype=np.float64))))


def largest(error):
    return float(np.abs(error).max())


def limits(keras32, truth, arithmetic):
    """Largest root mean square and largest single error allowed."""
    rms_factor, largest_factor = FACTORS[arithmetic]
    return max(rms_factor * rms(keras32 - truth), FLOOR), max(largest_factor * largest(keras32 - truth), FLOOR)


def ratio(own, of_keras):
    return f"{own / of_keras:.2f}" if of_keras > 0 else "-"


def check_answers(test, what, truth, keras32, got, arithmetic):
    """Fails unless `got` is as near to the truth as it must be; prints what was measured. All are [image, class]."""
    test.assertEqual(got.shape, truth.shape)
    test.assertTrue(np.isfinite(got).all())
    rms_limit, largest_limit = limits(keras32, truth, arithmetic)
    keras_error, error = keras32 - truth, got - truth
    print(f"\n{what}: {truth.shape[0]} images, {truth.shape[1]} outputs; errors against float64, rms and largest:\n"
          f"  Keras float32 {rms(keras_error):.2e} {largest(keras_error):.2e}\n"
          f"  fovea {arithmetic:7} {rms(error):.2e} {largest(error):.2e}"
          f"  (allowed {rms_limit:.2e} {largest_limit:.2e}),"
          f" {ratio(rms(error), rms(keras_error))} and {ratio(largest(error), largest(keras_error))} times Keras'",
          flush=True)
    test.assertLessEqual(rms(error), rms_limit, f"{what}, {arithmetic}")
    test.assertLessEqual(largest(error), largest_limit, f"{what}, {arithmetic}")
    return largest_limit


def check_grades(test, what, truth, grades, largest_limit, different=3):
    """Every grade whose two best probabilities are clearly apart is the truth's. At least `different` grades must
    occur, or little was tested."""
    best = np.sort(truth, axis=1)[:, ::-1]
    clear = best[:, 0] - best[:, 1] > 2 * largest_limit
    expected = truth.argmax(axis=1)
    print(f"  {len(set(expected))} different grades, {clear.sum()} of {len(clear)} beyond doubt,"
          f" {(expected != grades).sum()} differ", flush=True)
    test.assertGreaterEqual(len(set(expected)), different, f"{what}: the images' grades hardly differ")
    test.assertGreaterEqual(clear.sum(), (len(clear) + 1) // 2, f"{what}: most grades are doubtful")
    test.assertEqual(grades[clear].tolist(), expected[clear].tolist(), what)


def check_rows(test, what, images, grade, truth, keras32, different=3):
    """Both checks, in each arithmetic, on what batch-predict makes of these images: grade(options...) runs it and
    returns its rows. Returns the rows of the default arithmetic."""
    for arithmetic in FACTORS:
        rows = grade("--arithmetic", arithmetic)
        got = np.stack([rows[path.stem][1] for path in images])
        largest_limit = check_answers(test, what, truth, keras32, got, arithmetic)
        check_grades(test, what, truth, np.array([rows[path.stem][0] for path in images]), largest_limit, different)
    return rows
