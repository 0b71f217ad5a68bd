"""How far fovea may be from the truth: Keras in float64, and Keras' own float32 as the measure of what is possible."""

import numpy as np

RMS_FACTOR, LARGEST_FACTOR, FLOOR = 2, 4, 1e-6


def rms(error):
    return float(np.sqrt(np.mean(np.square(error, dtype=np.float64))))


def largest(error):
    return float(np.abs(error).max())


def limits(keras32, truth):
    """Largest root mean square and largest single error allowed."""
    return max(RMS_FACTOR * rms(keras32 - truth), FLOOR), max(LARGEST_FACTOR * largest(keras32 - truth), FLOOR)


def check_answers(test, what, truth, keras32, got):
    """Fails unless `got` is as near to the truth as it must be; prints what was measured. All are [image, class]."""
    test.assertEqual(got.shape, truth.shape)
    test.assertTrue(np.isfinite(got).all())
    rms_limit, largest_limit = limits(keras32, truth)
    print(f"\n{what}: {truth.shape[0]} images, {truth.shape[1]} outputs; errors against float64, rms and largest:\n"
          f"  Keras float32 {rms(keras32 - truth):.2e} {largest(keras32 - truth):.2e}\n"
          f"  fovea         {rms(got - truth):.2e} {largest(got - truth):.2e}"
          f"  (allowed {rms_limit:.2e} {largest_limit:.2e})", flush=True)
    test.assertLessEqual(rms(got - truth), rms_limit, what)
    test.assertLessEqual(largest(got - truth), largest_limit, what)
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


def check_rows(test, what, images, rows, truth, keras32, different=3):
    """Both checks on what batch-predict made of these images."""
    got = np.stack([rows[path.stem][1] for path in images])
    largest_limit = check_answers(test, what, truth, keras32, got)
    check_grades(test, what, truth, np.array([rows[path.stem][0] for path in images]), largest_limit,
                 different)
