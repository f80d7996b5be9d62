// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.geo;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Whether a point of the plane lies in a polygon or an ellipse.
public final class Shapes {
  private Shapes() {}

  /// Corners of a closed line; the last joins the first.
  private record Ring(double[] x, double[] y) {
    /// 1 inside, 0 outside, -1 on the line.
    int place(double px, double py) {
      boolean inside = false;
      for (int i = 0, j = x.length - 1; i < x.length; j = i++) {
        if (onEdge(px, py, i, j)) {
          return -1;
        }
        boolean crosses = y[i] > py != y[j] > py;
        if (crosses && px < (x[j] - x[i]) * (py - y[i]) / (y[j] - y[i]) + x[i]) {
          inside = !inside;
        }
      }
      return inside ? 1 : 0;
    }

    private boolean onEdge(double px, double py, int i, int j) {
      double cross = (x[j] - x[i]) * (py - y[i]) - (y[j] - y[i]) * (px - x[i]);
      return cross == 0
          && px >= Math.min(x[i], x[j])
          && px <= Math.max(x[i], x[j])
          && py >= Math.min(y[i], y[j])
          && py <= Math.max(y[i], y[j]);
    }
  }

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
            "pointInPolygon",
            "pointInPolygon((x, y), ring[, hole, …])",
            "Whether a point lies in a polygon, its line included, and in none of its holes.",
            Shapes::polygon),
        ScalarFunction.of(
            "pointInEllipses",
            "pointInEllipses(x, y, x0, y0, a0, b0, …)",
            "Whether a point lies in one of some ellipses, each a middle and two radii.",
            Shapes::ellipses));
  }

  private static boolean isPoint(DataType type) {
    return type.unwrapped() instanceof DataType.Tuple tuple
        && tuple.fields().size() == 2
        && tuple.fields().stream().allMatch(Arguments::isNumber);
  }

  /// How many arrays are around the points of an argument: 1 a ring, 2 a polygon, 3 many.
  private static int depth(DataType type) {
    int depth = 0;
    DataType at = type.unwrapped();
    while (at instanceof DataType.Array(DataType element)) {
      depth++;
      at = element.unwrapped();
    }
    return isPoint(at) ? depth : 0;
  }

  private static Binding polygon(List<Argument> args) {
    String name = "pointInPolygon";
    Arguments.count(name, args, 2, Integer.MAX_VALUE);
    if (!isPoint(args.getFirst().plain())) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "a tuple of two numbers");
    }
    for (int i = 1; i < args.size(); i++) {
      int depth = depth(args.get(i).plain());
      if (depth < 1 || depth > 3 || args.size() > 2 && depth > 1) {
        throw Arguments.illegal(name, i, args.get(i).type(), "an array of points");
      }
    }
    int depth = depth(args.get(1).plain());
    return RowBinding.of(
        DataTypes.UINT8,
        (v, row, to) -> {
          double x = Numeric.doubleOf(v.getFirst().children().get(0), row);
          double y = Numeric.doubleOf(v.getFirst().children().get(1), row);
          boolean inside = false;
          if (depth == 3) {
            for (int p = v.get(1).listFrom(row); p < v.get(1).listTo(row); p++) {
              inside |= isInside(x, y, rings(v.get(1).elements(), p));
            }
          } else {
            inside = isInside(x, y, depth == 2 ? rings(v.get(1), row) : rings(v, row));
          }
          to.appendLong(inside ? 1 : 0);
        });
  }

  private static boolean isInside(double x, double y, List<Ring> rings) {
    if (rings.isEmpty() || rings.getFirst().place(x, y) == 0) {
      return false;
    }
    return rings.subList(1, rings.size()).stream().noneMatch(hole -> hole.place(x, y) == 1);
  }

  private static List<Ring> rings(List<Vector> v, int row) {
    List<Ring> rings = new ArrayList<>();
    for (Vector ring : v.subList(1, v.size())) {
      rings.add(ring(ring, row));
    }
    return rings;
  }

  private static List<Ring> rings(Vector arrays, int row) {
    List<Ring> rings = new ArrayList<>();
    for (int e = arrays.listFrom(row); e < arrays.listTo(row); e++) {
      rings.add(ring(arrays.elements(), e));
    }
    return rings;
  }

  private static Ring ring(Vector array, int row) {
    int from = array.listFrom(row);
    int corners = array.listTo(row) - from;
    double[] x = new double[corners];
    double[] y = new double[corners];
    for (int i = 0; i < corners; i++) {
      x[i] = Numeric.doubleOf(array.elements().children().get(0), from + i);
      y[i] = Numeric.doubleOf(array.elements().children().get(1), from + i);
    }
    return new Ring(x, y);
  }

  private static Binding ellipses(List<Argument> args) {
    String name = "pointInEllipses";
    if (args.size() < 6 || args.size() % 4 != 2) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          name + " takes x, y and four numbers for each ellipse, found " + args.size());
    }
    for (int i = 0; i < args.size(); i++) {
      Arguments.requireNumber(name, args, i);
    }
    return RowBinding.of(
        DataTypes.UINT8,
        (v, row, to) -> {
          double x = Numeric.doubleOf(v.get(0), row);
          double y = Numeric.doubleOf(v.get(1), row);
          boolean inside = false;
          for (int i = 2; i < v.size(); i += 4) {
            double dx = (x - Numeric.doubleOf(v.get(i), row)) / Numeric.doubleOf(v.get(i + 2), row);
            double dy =
                (y - Numeric.doubleOf(v.get(i + 1), row)) / Numeric.doubleOf(v.get(i + 3), row);
            inside |= dx * dx + dy * dy <= 1;
          }
          to.appendLong(inside ? 1 : 0);
        });
  }
}
