// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Measures of whole samples: tests of two samples, association of categories, the length of a
/// union of intervals, a mean that forgets, the shape of a line in few points.
final class StatisticStates {
  static final List<String> NAMES =
      List.of(
          "intervalLengthSum",
          "exponentialMovingAverage",
          "rankCorr",
          "studentTTest",
          "welchTTest",
          "mannWhitneyUTest",
          "cramersV",
          "cramersVBiasCorrected",
          "contingency",
          "theilsU",
          "categoricalInformationValue",
          "largestTriangleThreeBuckets",
          "studentTTestOneSample",
          "analysisOfVariance",
          "meanZTest",
          "corrMatrix",
          "covarPopMatrix",
          "covarSampMatrix",
          "kolmogorovSmirnovTest",
          "sparkbar",
          "exponentialTimeDecayedSum",
          "exponentialTimeDecayedMax",
          "exponentialTimeDecayedAvg",
          "exponentialTimeDecayedCount");

  private static final DataType TEST =
      new DataType.Tuple(List.of(), List.of(DataTypes.FLOAT64, DataTypes.FLOAT64));
  private static final DataType POINTS =
      DataTypes.array(new DataType.Tuple(List.of(), List.of(DataTypes.FLOAT64, DataTypes.FLOAT64)));

  private StatisticStates() {}

  static AggregateFunction bind(StateCall call) {
    String function = call.function();
    return switch (function) {
      case "intervalLengthSum" -> intervals(call);
      case "exponentialMovingAverage" -> movingAverage(call);
      case "rankCorr" ->
          numbers(
              call,
              DataTypes.FLOAT64,
              (x, y, to) -> to.appendDouble(Samples.rankCorrelation(x, y)));
      case "studentTTest", "welchTTest" ->
          numbers(
              call,
              TEST,
              (x, group, to) ->
                  pair(Samples.meansTest(x, group, function.startsWith("welch")), to));
      case "studentTTestOneSample" ->
          numbers(call, TEST, (x, mean, to) -> pair(Samples.meanTest(x, mean), to));
      case "analysisOfVariance" ->
          numbers(call, TEST, (x, group, to) -> pair(Samples.varianceTest(x, group), to));
      case "meanZTest" -> meanZTest(call);
      case "corrMatrix", "covarPopMatrix", "covarSampMatrix" -> matrix(call);
      case "mannWhitneyUTest" -> mannWhitney(call);
      case "largestTriangleThreeBuckets" -> triangles(call);
      case "kolmogorovSmirnovTest" -> distributionsTest(call);
      case "sparkbar" -> sparkbar(call);
      case "exponentialTimeDecayedSum",
          "exponentialTimeDecayedMax",
          "exponentialTimeDecayedAvg",
          "exponentialTimeDecayedCount" ->
          decayed(call);
      case "categoricalInformationValue" -> informationValue(call);
      default -> categories(call);
    };
  }

  private interface Numbers {
    void append(double[] first, double[] second, VectorBuilder to);
  }

  private static AggregateFunction numbers(StateCall call, DataType type, Numbers result) {
    List<DataType> types = call.types(2, 2);
    call.moment(0);
    call.moment(1);
    return call.skippingNulls(
        type,
        () ->
            new RowsState(
                call.function(),
                types,
                (rows, to) -> result.append(column(rows, 0), column(rows, 1), to)));
  }

  private static double[] column(List<HeapValue[]> rows, int column) {
    return rows.stream().mapToDouble(row -> row[column].asDouble()).toArray();
  }

  private static void pair(double[] values, VectorBuilder to) {
    to.child(0).appendDouble(values[0]);
    to.child(1).appendDouble(values[1]);
    to.endStruct();
  }

  private static AggregateFunction intervals(StateCall call) {
    boolean isFloat = call.moment(0) instanceof DataType.Float;
    call.requireNoParameters();
    return numbers(
        call,
        isFloat ? DataTypes.FLOAT64 : DataTypes.UINT64,
        (from, end, to) -> {
          List<double[]> all = new ArrayList<>();
          for (int i = 0; i < from.length; i++) {
            all.add(new double[] {Math.min(from[i], end[i]), Math.max(from[i], end[i])});
          }
          all.sort(Comparator.comparingDouble(interval -> interval[0]));
          double length = 0;
          double covered = Double.NEGATIVE_INFINITY;
          for (double[] interval : all) {
            length += Math.max(0, interval[1] - Math.max(covered, interval[0]));
            covered = Math.max(covered, interval[1]);
          }
          if (isFloat) {
            to.appendDouble(length);
          } else {
            to.appendLong((long) length);
          }
        });
  }

  private static AggregateFunction movingAverage(StateCall call) {
    call.requireParameters(1, 1);
    double half = call.parameter(0, -Double.MAX_VALUE, Double.MAX_VALUE);
    return numbers(
        call,
        DataTypes.FLOAT64,
        (value, time, to) -> {
          double last = Double.NEGATIVE_INFINITY;
          for (double t : time) {
            last = Math.max(last, t);
          }
          double sum = 0;
          for (int i = 0; i < value.length; i++) {
            sum += value[i] * Math.pow(2, (time[i] - last) / half);
          }
          to.appendDouble(sum * (1 - Math.pow(2, -1 / half)));
        });
  }

  private static AggregateFunction mannWhitney(StateCall call) {
    call.requireParameters(0, 2);
    String alternative = call.textParameter(0, "two-sided");
    boolean corrected = call.wholeParameter(1, 0, 1) != 0;
    return numbers(
        call,
        TEST,
        (x, group, to) -> pair(Samples.mannWhitney(x, group, alternative, corrected), to));
  }

  private static AggregateFunction distributionsTest(StateCall call) {
    call.requireParameters(0, 2);
    String alternative = call.textParameter(0, "two-sided");
    String method = call.textParameter(1, "auto");
    if (!List.of("two-sided", "less", "greater").contains(alternative)
        || !List.of("auto", "exact", "asymp", "asymptotic").contains(method)) {
      throw call.bad(
          "kolmogorovSmirnovTest takes 'two-sided', 'less' or 'greater', and 'auto', 'exact' or"
              + " 'asymp'");
    }
    return numbers(
        call, TEST, (x, group, to) -> pair(Distributions.test(x, group, alternative, method), to));
  }

  private static AggregateFunction sparkbar(StateCall call) {
    call.requireParameters(1, 3);
    if (call.parameters().size() == 2) {
      throw call.bad("sparkbar takes the number of bars, and both ends of x or none");
    }
    int bars = (int) call.wholeParameter(0, 2, 2);
    boolean bounded = call.parameters().size() == 3;
    double least = bounded ? call.parameter(1, -Double.MAX_VALUE, Double.MAX_VALUE) : 0;
    double most = bounded ? call.parameter(2, -Double.MAX_VALUE, Double.MAX_VALUE) : 0;
    return numbers(
        call,
        DataTypes.STRING,
        (x, y, to) ->
            to.appendBytes(
                Sparkbar.of(x, y, bars, bounded ? new double[] {least, most} : null)
                    .getBytes(StandardCharsets.UTF_8)));
  }

  /// Rows that count the less the longer ago they are, seen from the last of them.
  private static AggregateFunction decayed(StateCall call) {
    call.requireParameters(1, 1);
    double decay = call.parameter(0, -Double.MAX_VALUE, Double.MAX_VALUE);
    String measure = call.function().substring("exponentialTimeDecayed".length());
    boolean counts = measure.equals("Count");
    List<DataType> types = counts ? call.types(1, 1) : call.types(2, 2);
    for (int i = 0; i < types.size(); i++) {
      call.moment(i);
    }
    return call.skippingNulls(
        DataTypes.FLOAT64,
        () ->
            new RowsState(
                call.function(),
                types,
                (rows, to) -> {
                  double[] time = column(rows, counts ? 0 : 1);
                  double[] value = counts ? null : column(rows, 0);
                  to.appendDouble(decayed(measure, value, time, decay));
                }));
  }

  private static double decayed(String measure, double[] value, double[] time, double decay) {
    double last = Double.NEGATIVE_INFINITY;
    for (double t : time) {
      last = Math.max(last, t);
    }
    double sum = 0;
    double weights = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < time.length; i++) {
      double weight = Math.exp((time[i] - last) / decay);
      weights += weight;
      if (value != null) {
        sum += value[i] * weight;
        most = Math.max(most, value[i] * weight);
      }
    }
    return switch (measure) {
      case "Sum" -> sum;
      case "Avg" -> sum / weights;
      case "Max" -> time.length == 0 ? Double.NaN : most;
      default -> weights;
    };
  }

  private static AggregateFunction meanZTest(StateCall call) {
    call.requireParameters(3, 3);
    double varianceX = call.parameter(0, 0, Double.MAX_VALUE);
    double varianceY = call.parameter(1, 0, Double.MAX_VALUE);
    double confidence = call.parameter(2, 0, 1);
    DataType four =
        new DataType.Tuple(
            List.of(),
            List.of(DataTypes.FLOAT64, DataTypes.FLOAT64, DataTypes.FLOAT64, DataTypes.FLOAT64));
    return numbers(
        call,
        four,
        (x, group, to) -> {
          double[] test = Samples.meanZTest(x, group, varianceX, varianceY, confidence);
          for (int i = 0; i < 4; i++) {
            to.child(i).appendDouble(test[i]);
          }
          to.endStruct();
        });
  }

  /// A measure of each argument with each.
  private static AggregateFunction matrix(StateCall call) {
    call.requireNoParameters();
    List<DataType> types = call.types(1, Integer.MAX_VALUE);
    for (int i = 0; i < types.size(); i++) {
      call.number(i);
    }
    String measure = call.function().replace("Matrix", "");
    return call.skippingNulls(
        DataTypes.array(DataTypes.array(DataTypes.FLOAT64)),
        () ->
            new RowsState(
                call.function(),
                types,
                (rows, to) -> {
                  for (int a = 0; a < types.size(); a++) {
                    double[] x = column(rows, a);
                    for (int b = 0; b < types.size(); b++) {
                      double value = Samples.covariance(x, column(rows, b), measure);
                      to.child(0).child(0).appendDouble(value);
                    }
                    to.child(0).endList();
                  }
                  to.endList();
                }));
  }

  private static AggregateFunction triangles(StateCall call) {
    call.requireParameters(1, 1);
    int most = (int) call.wholeParameter(0, 1, 1);
    return numbers(
        call,
        POINTS,
        (x, y, to) -> {
          for (double[] point : Samples.largestTriangles(x, y, most)) {
            pair(point, to.child(0));
          }
          to.endList();
        });
  }

  private static AggregateFunction categories(StateCall call) {
    call.requireNoParameters();
    List<DataType> types = call.types(2, 2);
    String function = call.function();
    return call.skippingNulls(
        DataTypes.FLOAT64,
        () ->
            new RowsState(
                function,
                types,
                (rows, to) -> to.appendDouble(new Categories(rows).measure(function))));
  }

  private static AggregateFunction informationValue(StateCall call) {
    call.requireNoParameters();
    call.requireArguments(2, 33);
    List<DataType> types = call.types(2, 33);
    for (int i = 0; i < types.size(); i++) {
      call.integer(i);
    }
    return call.skippingNulls(
        DataTypes.array(DataTypes.FLOAT64),
        () ->
            new RowsState(
                call.function(),
                types,
                (rows, to) -> {
                  for (int c = 0; c + 1 < types.size(); c++) {
                    to.child(0).appendDouble(informationValue(rows, c, types.size() - 1));
                  }
                  to.endList();
                }));
  }

  private static double informationValue(List<HeapValue[]> rows, int category, int tag) {
    double[][] counts = new double[2][2];
    for (HeapValue[] row : rows) {
      counts[row[category].asDouble() != 0 ? 1 : 0][row[tag].asDouble() != 0 ? 1 : 0]++;
    }
    double tagged = counts[0][1] + counts[1][1];
    double others = counts[0][0] + counts[1][0];
    double good = counts[1][1] / tagged;
    double bad = counts[1][0] / others;
    return (good - bad) * Math.log(good / bad);
  }
}
