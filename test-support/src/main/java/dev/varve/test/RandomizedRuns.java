// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/// Runs a [Randomized] test once for each seed, and says how to run a failing one again.
final class RandomizedRuns implements TestTemplateInvocationContextProvider {
  private static final SecureRandom FRESH = new SecureRandom();

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getTestMethod().map(m -> m.isAnnotationPresent(Randomized.class)).orElse(false);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    String fixed = System.getProperty("varve.seed", "");
    if (!fixed.isEmpty()) {
      return Stream.of(new Run(Long.parseUnsignedLong(fixed, 16)));
    }
    int declared = context.getRequiredTestMethod().getAnnotation(Randomized.class).times();
    int times = Integer.getInteger("varve.times", declared);
    return seeds(context.getRequiredTestMethod()).limit(times).mapToObj(Run::new);
  }

  /// Fresh ones, or those that the environment's `VARVE_SEEDS` gives to this method.
  private static LongStream seeds(Method method) {
    String chosen = System.getenv("VARVE_SEEDS");
    if (chosen == null || chosen.isEmpty()) {
      return LongStream.generate(FRESH::nextLong);
    }
    String name = method.getDeclaringClass().getName() + "#" + method.getName();
    return new SplittableRandom((chosen + name).hashCode()).longs();
  }

  private record Run(long seed) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return "seed " + Long.toHexString(seed);
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new GeneratorOf(seed), new RepeatLine(seed));
    }
  }

  private record GeneratorOf(long seed) implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == RandomGenerator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return new SplittableRandom(seed);
    }
  }

  private record RepeatLine(long seed) implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      Method method = context.getRequiredTestMethod();
      String line =
          "reproduce with: mvn test -pl "
              + Path.of("").toAbsolutePath().getFileName()
              + " -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
              + context.getRequiredTestClass().getSimpleName()
              + "#"
              + method.getName()
              + " -Dvarve.seed="
              + Long.toHexString(seed);
      System.err.println(line);
      failure.addSuppressed(new ReproduceWith(line));
      throw failure;
    }
  }

  /// Carries the line into the test report.
  private static final class ReproduceWith extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReproduceWith(String line) {
      super(line, null, false, false);
    }
  }
}
