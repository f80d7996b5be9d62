// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.Arrays;
import java.util.List;

/// How far arrays are from each other, and what the numbers of one are like: edit distances,
/// autocorrelation, Gini's measure, the worth of payments.
public final class ArrayMeasures {
  private static final DataType THREE =
      new DataType.Tuple(
          List.of(), List.of(DataTypes.FLOAT64, DataTypes.FLOAT64, DataTypes.FLOAT64));
  private static final int STEPS = 100;
  private static final double NEAR = 1e-9;

  private ArrayMeasures() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.bound(
            "arrayLevenshteinDistance(a Array, b Array)",
            "How many elements must be put in, taken out or changed to make one array the other.",
            args -> {
              sameElements("arrayLevenshteinDistance", args);
              return RowBinding.of(
                  DataTypes.UINT32, (v, row, to) -> to.appendLong((long) distance(v, row, false)));
            }),
        Declared.bound(
            "arrayLevenshteinDistanceWeighted(a Array, b Array, weights_a Array, weights_b Array)",
            "The same, where each element has the weight of putting it in or out.",
            args -> {
              sameElements("arrayLevenshteinDistanceWeighted", args);
              numbers("arrayLevenshteinDistanceWeighted", args, 2, 3);
              return RowBinding.of(
                  DataTypes.FLOAT64, (v, row, to) -> to.appendDouble(distance(v, row, true)));
            }),
        Declared.bound(
            "arraySimilarity(a Array, b Array, weights_a Array, weights_b Array)",
            "1 for equal arrays down to 0, by the weighted distance.",
            args -> {
              sameElements("arraySimilarity", args);
              numbers("arraySimilarity", args, 2, 3);
              return RowBinding.of(
                  DataTypes.FLOAT64,
                  (v, row, to) -> {
                    double all = sum(doubles(v.get(2), row)) + sum(doubles(v.get(3), row));
                    to.appendDouble(all == 0 ? 1 : 1 - distance(v, row, true) / all);
                  });
            }),
        Declared.bound(
            "arrayNormalizedGini(predicted Array, labels Array)",
            "Gini's measure of the prediction, of the labels, and the one by the other.",
            args -> {
              numbers("arrayNormalizedGini", args, 0, 1);
              return RowBinding.of(THREE, ArrayMeasures::gini);
            }),
        Declared.bound(
            "arrayAutocorrelation(array Array[, lags Int])",
            "How the numbers go with themselves, 0, 1, 2, … places later.",
            args -> {
              numbers("arrayAutocorrelation", args, 0, 0);
              return RowBinding.of(
                  DataTypes.array(DataTypes.FLOAT64), ArrayMeasures::autocorrelation);
            }),
        Declared.bound(
            "financialNetPresentValue(rate Number, payments Array[, from_zero Number])",
            "What payments are worth today at a rate of interest.",
            args -> {
              numbers("financialNetPresentValue", args, 1, 1);
              return RowBinding.of(
                  DataTypes.FLOAT64,
                  (v, row, to) -> {
                    boolean late = v.size() > 2 && Numeric.doubleOf(v.get(2), row) == 0;
                    double rate = Numeric.doubleOf(v.get(0), row);
                    double worth = worth(doubles(v.get(1), row), rate);
                    to.appendDouble(late ? worth / (1 + rate) : worth);
                  });
            }),
        Declared.bound(
            "financialInternalRateOfReturn(payments Array[, guess Number])",
            "The rate of interest at which payments are worth nothing; NaN where none is found.",
            args -> {
              numbers("financialInternalRateOfReturn", args, 0, 0);
              return RowBinding.of(
                  DataTypes.FLOAT64,
                  (v, row, to) -> {
                    double guess = v.size() > 1 ? Numeric.doubleOf(v.get(1), row) : 0.1;
                    to.appendDouble(rate(doubles(v.getFirst(), row), guess));
                  });
            }));
  }

  private static void sameElements(String name, List<Argument> args) {
    DataType a = ((DataType.Array) args.get(0).plain()).element();
    DataType b = ((DataType.Array) args.get(1).plain()).element();
    boolean comparable =
        a.equals(b)
            || a.unwrapped().physical() == b.unwrapped().physical()
            || a instanceof DataType.Nothing
            || b instanceof DataType.Nothing;
    if (!comparable) {
      throw Arguments.illegal(name, 1, args.get(1).type(), args.get(0).type().name());
    }
  }

  private static void numbers(String name, List<Argument> args, int first, int last) {
    for (int i = first; i <= last; i++) {
      DataType element = ((DataType.Array) args.get(i).plain()).element();
      if (!Arguments.isNumber(element) && !(element instanceof DataType.Nothing)) {
        throw Arguments.illegal(name, i, args.get(i).type(), "an array of numbers");
      }
    }
  }

  private static double[] doubles(Vector array, int row) {
    int from = array.listFrom(row);
    double[] values = new double[array.listTo(row) - from];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          array.elements().isNull(from + i) ? 0 : Numeric.doubleOf(array.elements(), from + i);
    }
    return values;
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /// Edit distance by dynamic programming; a change is the one taken out and the other put in, or,
  /// without weights, one step.
  private static double distance(List<Vector> v, int row, boolean weighted) {
    Vector a = v.get(0);
    Vector b = v.get(1);
    int rows = a.listTo(row) - a.listFrom(row);
    int columns = b.listTo(row) - b.listFrom(row);
    double[] weightsA = weighted ? weights(v.get(2), row, rows) : null;
    double[] weightsB = weighted ? weights(v.get(3), row, columns) : null;
    double[] best = new double[columns + 1];
    for (int j = 1; j <= columns; j++) {
      best[j] = best[j - 1] + (weighted ? weightsB[j - 1] : 1);
    }
    for (int i = 1; i <= rows; i++) {
      double out = weighted ? weightsA[i - 1] : 1;
      double diagonal = best[0];
      best[0] += out;
      for (int j = 1; j <= columns; j++) {
        double in = weighted ? weightsB[j - 1] : 1;
        boolean same =
            ValueOrder.compare(
                    a.elements(), a.listFrom(row) + i - 1, b.elements(), b.listFrom(row) + j - 1)
                == 0;
        double change = same ? 0 : weighted ? in + out : 1;
        double cost = Math.min(diagonal + change, Math.min(best[j] + out, best[j - 1] + in));
        diagonal = best[j];
        best[j] = cost;
      }
    }
    return best[columns];
  }

  private static double[] weights(Vector array, int row, int size) {
    double[] weights = doubles(array, row);
    if (weights.length != size) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "there are " + weights.length + " weights for " + size + " elements");
    }
    return weights;
  }

  private static void gini(List<Vector> v, int row, VectorBuilder to) {
    double[] predicted = doubles(v.get(0), row);
    double[] labels = doubles(v.get(1), row);
    if (predicted.length != labels.length) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "arrayNormalizedGini takes arrays of one size, found "
              + predicted.length
              + " and "
              + labels.length);
    }
    double byPrediction = gini(predicted, labels);
    double byLabels = gini(labels, labels);
    to.child(0).appendDouble(byPrediction);
    to.child(1).appendDouble(byLabels);
    to.child(2).appendDouble(byPrediction / byLabels);
    to.endStruct();
  }

  private static double gini(double[] order, double[] labels) {
    Integer[] places = new Integer[order.length];
    Arrays.setAll(places, i -> i);
    Arrays.sort(places, (x, y) -> Double.compare(order[y], order[x]));
    double total = sum(labels);
    double running = 0;
    double area = 0;
    for (int i = 0; i < places.length; i++) {
      running += labels[places[i]];
      area += running / total - (i + 1.0) / places.length;
    }
    return area / places.length;
  }

  private static void autocorrelation(List<Vector> v, int row, VectorBuilder to) {
    double[] x = doubles(v.getFirst(), row);
    long lags = v.size() > 1 ? Math.max(0, v.get(1).getLong(row)) : x.length;
    double mean = x.length == 0 ? 0 : sum(x) / x.length;
    double square = Arrays.stream(x).map(value -> (value - mean) * (value - mean)).sum();
    for (int lag = 0; lag < Math.min(lags, x.length); lag++) {
      double product = 0;
      for (int i = 0; i + lag < x.length; i++) {
        product += (x[i] - mean) * (x[i + lag] - mean);
      }
      to.child(0).appendDouble(product / square);
    }
    to.endList();
  }

  private static double worth(double[] payments, double rate) {
    double worth = 0;
    double factor = 1;
    for (double payment : payments) {
      worth += payment / factor;
      factor *= 1 + rate;
    }
    return worth;
  }

  /// Newton's steps, then halving between rates on both sides of zero.
  private static double rate(double[] payments, double guess) {
    double rate = guess;
    for (int step = 0; step < STEPS; step++) {
      double worth = worth(payments, rate);
      double slope = (worth(payments, rate + NEAR) - worth) / NEAR;
      double next = rate - worth / slope;
      if (Math.abs(next - rate) < NEAR) {
        return next;
      }
      if (!(next > -1) || Double.isInfinite(next)) {
        break;
      }
      rate = next;
    }
    double low = -1 + NEAR;
    double high = 1e6;
    if (worth(payments, low) * worth(payments, high) > 0) {
      return Double.NaN;
    }
    for (int step = 0; step < 2 * STEPS; step++) {
      double middle = (low + high) / 2;
      if (worth(payments, low) * worth(payments, middle) <= 0) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return (low + high) / 2;
  }
}
