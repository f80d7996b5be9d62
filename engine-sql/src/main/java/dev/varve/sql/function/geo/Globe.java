// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.geo;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Distances on the globe, as a sphere or as the ellipsoid of WGS 84. Longitude comes first.
public final class Globe {
  private static final double RADIUS = 6_371_007.180918474;
  private static final double NEAR_DEGREES = 13;

  private Globe() {}

  /// A measure of two places, in radians.
  @FunctionalInterface
  private interface Measure {
    double of(double lon1, double lat1, double lon2, double lat2);
  }

  public static List<ScalarFunction> functions() {
    return List.of(
        measure("greatCircleDistance", "Metres between two places on a sphere.", Globe::onSphere),
        measure(
            "greatCircleAngle",
            "Degrees between two places on a sphere.",
            (a, b, c, d) -> Math.toDegrees(angle(a, b, c, d))),
        measure("geoDistance", "Metres between two places on WGS 84's ellipsoid.", Globe::geo));
  }

  private static ScalarFunction measure(String name, String doc, Measure measure) {
    return Declared.rows(
        name + "(lon1 Number, lat1 Number, lon2 Number, lat2 Number)",
        doc,
        DataTypes.FLOAT64,
        (v, row, to) ->
            to.appendDouble(
                measure.of(
                    radians(v.get(0), row),
                    radians(v.get(1), row),
                    radians(v.get(2), row),
                    radians(v.get(3), row))));
  }

  private static double radians(Vector degrees, int row) {
    return Math.toRadians(Numeric.doubleOf(degrees, row));
  }

  private static double angle(double lon1, double lat1, double lon2, double lat2) {
    double latitude = Math.sin((lat2 - lat1) / 2);
    double longitude = Math.sin((lon2 - lon1) / 2);
    double share = latitude * latitude + Math.cos(lat1) * Math.cos(lat2) * longitude * longitude;
    return 2 * Math.asin(Math.sqrt(Math.clamp(share, 0, 1)));
  }

  private static double onSphere(double lon1, double lat1, double lon2, double lat2) {
    double middle = (lat1 + lat2) / 2;
    return isNear(lon1, lat1, lon2, lat2)
        ? RADIUS * Math.hypot(lat2 - lat1, turn(lon1, lon2) * Math.cos(middle))
        : RADIUS * angle(lon1, lat1, lon2, lat2);
  }

  private static double turn(double lon1, double lon2) {
    double turn = Math.abs(lon2 - lon1);
    return turn > Math.PI ? 2 * Math.PI - turn : turn;
  }

  // Near places are measured in a plane whose scales are those of the globe between them.
  private static boolean isNear(double lon1, double lat1, double lon2, double lat2) {
    return Math.toDegrees(turn(lon1, lon2)) < NEAR_DEGREES
        && Math.toDegrees(Math.abs(lat2 - lat1)) < NEAR_DEGREES;
  }

  private static double geo(double lon1, double lat1, double lon2, double lat2) {
    if (!isNear(lon1, lat1, lon2, lat2)) {
      return onSphere(lon1, lat1, lon2, lat2);
    }
    double middle = (lat1 + lat2) / 2;
    // Metres of a degree of latitude and of longitude, as series over the latitude.
    double north = 111132.09 - 566.05 * Math.cos(2 * middle) + 1.20 * Math.cos(4 * middle);
    double east =
        111415.13 * Math.cos(middle) - 94.55 * Math.cos(3 * middle) + 0.12 * Math.cos(5 * middle);
    return Math.hypot(north * Math.toDegrees(lat2 - lat1), east * Math.toDegrees(turn(lon1, lon2)));
  }
}
