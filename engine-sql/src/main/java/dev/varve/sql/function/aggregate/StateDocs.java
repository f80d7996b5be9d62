// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import java.util.Map;

/// What `system.functions` says of the aggregates that run on stored states.
final class StateDocs {
  private static final Map<String, String> DOCS =
      Map.ofEntries(
          Map.entry("sumWithOverflow(x)", "Sum in the type of x, which wraps."),
          Map.entry("sumKahan(x)", "Sum of floats with what rounding lost made up for."),
          Map.entry("sumCount(x)", "Sum and count as a tuple."),
          Map.entry("avgWeighted(x, weight)", "Mean of x by weights."),
          Map.entry("covarPop(x, y)", "Covariance of all values."),
          Map.entry("covarSamp(x, y)", "Covariance of a sample."),
          Map.entry("corr(x, y)", "Pearson's correlation."),
          Map.entry("skewPop(x)", "Skewness of all values."),
          Map.entry("skewSamp(x)", "Skewness of a sample."),
          Map.entry("kurtPop(x)", "Kurtosis of all values."),
          Map.entry("kurtSamp(x)", "Kurtosis of a sample."),
          Map.entry("simpleLinearRegression(x, y)", "Slope k and offset b of the nearest line."),
          Map.entry("groupBitAnd(x)", "Bits that are set in all values."),
          Map.entry("groupBitOr(x)", "Bits that are set in any value."),
          Map.entry("groupBitXor(x)", "Bits that are set in an odd number of values."),
          Map.entry("sumMap(keys, values)", "Sums of the values of each key; also of one Map."),
          Map.entry("sumMapWithOverflow(keys, values)", "As sumMap, in the type of the values."),
          Map.entry("minMap(keys, values)", "Least value of each key; also of one Map."),
          Map.entry("maxMap(keys, values)", "Greatest value of each key; also of one Map."),
          Map.entry("any_respect_nulls(x)", "The first value met, NULL or not."),
          Map.entry("anyLast_respect_nulls(x)", "The last value met, NULL or not."),
          Map.entry("anyHeavy(x)", "The value that comes most often."),
          Map.entry("singleValueOrNull(x)", "The only value there is, or NULL."),
          Map.entry("uniq(x[, …])", "Number of distinct values, counted in a sketch."),
          Map.entry("uniqHLL12(x[, …])", "As uniq."),
          Map.entry("uniqCombined(x[, …])", "As uniq."),
          Map.entry("uniqCombined64(x[, …])", "As uniq."),
          Map.entry("uniqTheta(x[, …])", "As uniq."),
          Map.entry("uniqUpTo(n)(x[, …])", "Number of distinct values, n + 1 for more than n."),
          Map.entry("groupBitmap(x)", "Number of distinct integers."),
          Map.entry("groupBitmapAnd(state)", "Number of integers that all bitmaps have."),
          Map.entry("groupBitmapOr(state)", "Number of integers that any bitmap has."),
          Map.entry("groupBitmapXor(state)", "Number of integers in an odd number of bitmaps."),
          Map.entry("approx_top_k([n])(x)", "As topK with counts: value, count, error."),
          Map.entry("approx_top_sum([n])(x, weight)", "As topKWeighted with weights."),
          Map.entry("argAndMin(x, key)", "The x of the row with the least key, and the key."),
          Map.entry("argAndMax(x, key)", "The x of the row with the greatest key, and the key."),
          Map.entry("analysisOfVariance(x, group)", "Whether groups differ in mean: F and p."),
          Map.entry(
              "meanZTest(varX, varY, confidence)(x, group)",
              "Whether two groups of known variances differ in mean."),
          Map.entry(
              "studentTTestOneSample(x, mean)", "Whether the mean of values is another: t and p."),
          Map.entry("corrMatrix(x, …)", "Correlations of each two arguments."),
          Map.entry("covarPopMatrix(x, …)", "Covariances of each two arguments."),
          Map.entry("covarSampMatrix(x, …)", "Covariances of each two arguments in a sample."),
          Map.entry("sumMapFiltered([key, …])(keys, values)", "As sumMap, of some keys alone."),
          Map.entry(
              "sumMapFilteredWithOverflow([key, …])(keys, values)",
              "As sumMapWithOverflow, of some keys alone."),
          Map.entry("sumMappedArrays(keys, values)", "Sums of the values of each key."),
          Map.entry("minMappedArrays(keys, values)", "Least value of each key."),
          Map.entry("maxMappedArrays(keys, values)", "Greatest value of each key."),
          Map.entry("topK([n[, load, 'counts']])(x)", "The values that come most often."),
          Map.entry("topKWeighted([n])(x, weight)", "The values of greatest weight."),
          Map.entry("entropy(x)", "Shannon entropy of the values, in bits."),
          Map.entry("groupArraySample(n)(x)", "Up to n values."),
          Map.entry("groupArrayLast(n)(x)", "The last n values."),
          Map.entry("groupArraySorted(n)(x)", "The least n values, sorted."),
          Map.entry("groupArrayInsertAt([default[, size]])(x, place)", "Values at their places."),
          Map.entry("groupArrayMovingSum([window])(x)", "Sums over a moving window."),
          Map.entry("groupArrayMovingAvg([window])(x)", "Means over a moving window."),
          Map.entry("groupArrayIntersect(array)", "Elements that are in all arrays."),
          Map.entry("groupConcat([delimiter[, limit]])(x)", "Values as one text."),
          Map.entry("deltaSum(x)", "Sum of the increases from row to row."),
          Map.entry("deltaSumTimestamp(x, time)", "Sum of the increases in order of time."),
          Map.entry("boundingRatio(x, y)", "Slope from the leftmost to the rightmost point."),
          Map.entry("maxIntersections(from, to)", "Most intervals that overlap."),
          Map.entry("maxIntersectionsPosition(from, to)", "Where most intervals overlap."),
          Map.entry("histogram(bins)(x)", "Adaptive bins: from, to, height."),
          Map.entry("windowFunnel(window[, mode])(time, c1, …)", "Length of the longest chain."),
          Map.entry("sequenceMatch(pattern)(time, c1, …)", "Whether a chain of events came."),
          Map.entry("sequenceCount(pattern)(time, c1, …)", "How often a chain of events came."),
          Map.entry("intervalLengthSum(from, to)", "Length of the union of intervals."),
          Map.entry(
              "exponentialMovingAverage(half)(x, time)", "Mean that halves the past's weight."),
          Map.entry("rankCorr(x, y)", "Correlation of ranks."),
          Map.entry("studentTTest(x, group)", "Whether two groups of one variance differ in mean."),
          Map.entry("welchTTest(x, group)", "Whether two groups differ in mean."),
          Map.entry(
              "mannWhitneyUTest([alternative[, correction]])(x, group)",
              "Whether one group's values are greater."),
          Map.entry("cramersV(a, b)", "Association of two categories, 0 to 1."),
          Map.entry("cramersVBiasCorrected(a, b)", "As cramersV, less what chance gives."),
          Map.entry("contingency(a, b)", "Association of two categories by chi squared."),
          Map.entry("theilsU(a, b)", "How much of a's uncertainty b takes away."),
          Map.entry("categoricalInformationValue(c1, …, tag)", "What categories tell of the tag."),
          Map.entry("largestTriangleThreeBuckets(n)(x, y)", "Up to n points of the line's shape."),
          Map.entry(
              "kolmogorovSmirnovTest([alternative[, method]])(x, group)",
              "Whether two groups come from one distribution."),
          Map.entry("sparkbar(bars[, from, to])(x, y)", "The sums of y by x drawn as bars."),
          Map.entry(
              "exponentialTimeDecayedSum(length)(x, time)", "Sum that forgets exponentially."),
          Map.entry(
              "exponentialTimeDecayedMax(length)(x, time)", "Maximum that forgets exponentially."),
          Map.entry(
              "exponentialTimeDecayedAvg(length)(x, time)", "Mean that forgets exponentially."),
          Map.entry(
              "exponentialTimeDecayedCount(length)(time)", "Count that forgets exponentially."),
          Map.entry("retention(c1, c2, …)", "Which conditions held, given the first did."));

  private StateDocs() {}

  private static Map.Entry<String, String> find(String name) {
    for (Map.Entry<String, String> entry : DOCS.entrySet()) {
      if (entry.getKey().startsWith(name + "(")) {
        return entry;
      }
    }
    boolean weighted = name.endsWith("Weighted") || name.endsWith("Deterministic");
    String arguments = weighted ? "(x, weight)" : "(x)";
    return Map.entry(
        name + (name.startsWith("median") ? "" : "([level])") + arguments,
        "A quantile: the value below which a part of all values lies.");
  }

  static String signature(String name) {
    return find(name).getKey();
  }

  static String doc(String name) {
    return find(name).getValue();
  }
}
