// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test that takes a `RandomGenerator` and runs many times, each with a seed of its own.
///
/// A failing run prints the command that repeats it. With `-Dvarve.seed=<hex>` only that seed runs;
/// with `-Dvarve.times=<n>` each test runs n times, for a long soak. The environment's
/// `VARVE_SEEDS`, any text, decides all seeds, so that a whole run can be had again.
@TestTemplate
@ExtendWith(RandomizedRuns.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Randomized {
  /// Runs, each with another seed.
  int times() default 20;
}
