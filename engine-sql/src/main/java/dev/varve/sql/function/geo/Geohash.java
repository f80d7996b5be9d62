// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.geo;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;

/// Geohashes: a place as a text, of which each character halves longitude and latitude five times
/// in turn, longitude first.
public final class Geohash {
  private static final String DIGITS = "0123456789bcdefghjkmnpqrstuvwxyz";
  private static final int MOST_DIGITS = 12;
  private static final int MOST_CELLS = 10_000_000;

  private Geohash() {}

  public static List<ScalarFunction> functions() {
    DataType place =
        new DataType.Tuple(
            List.of("longitude", "latitude"), List.of(DataTypes.FLOAT64, DataTypes.FLOAT64));
    return List.of(
        Declared.rows(
            "geohashEncode(longitude Number, latitude Number[, digits Int])",
            "The geohash of a place, of 12 digits where no number says otherwise.",
            DataTypes.STRING,
            (v, row, to) ->
                RowBinding.append(
                    encode(number(v, 0, row), number(v, 1, row), digits(v, 2, row)), to)),
        Declared.rows(
            "geohashDecode(hash String)",
            "The middle of a geohash's cell: longitude and latitude.",
            place,
            (v, row, to) -> decode(RowBinding.text(v.getFirst(), row), to)),
        Declared.rows(
            "geohashesInBox(lonMin Number, latMin Number, lonMax Number, latMax Number[, digits"
                + " Int])",
            "The geohashes of all cells that meet a box.",
            DataTypes.array(DataTypes.STRING),
            Geohash::inBox));
  }

  private static double number(List<Vector> v, int index, int row) {
    return Numeric.doubleOf(v.get(index), row);
  }

  private static int digits(List<Vector> v, int index, int row) {
    long given = index < v.size() ? v.get(index).getInteger(row).longValue() : MOST_DIGITS;
    return given < 1 || given > MOST_DIGITS ? MOST_DIGITS : (int) given;
  }

  // The cell of a coordinate among 2^bits between -limit and limit.
  private static long cell(double value, double limit, int bits) {
    double share = (Math.clamp(value, -limit, limit) + limit) / (2 * limit);
    long cells = 1L << bits;
    return Math.clamp((long) (share * cells), 0, cells - 1);
  }

  private static String text(long longitude, long latitude, int digits) {
    int bits = 5 * digits;
    int longitudeBits = (bits + 1) / 2;
    int latitudeBits = bits / 2;
    StringBuilder text = new StringBuilder();
    int digit = 0;
    for (int bit = 0; bit < bits; bit++) {
      long set =
          bit % 2 == 0
              ? longitude >>> (longitudeBits - 1 - bit / 2) & 1
              : latitude >>> (latitudeBits - 1 - bit / 2) & 1;
      digit = digit << 1 | (int) set;
      if (bit % 5 == 4) {
        text.append(DIGITS.charAt(digit));
        digit = 0;
      }
    }
    return text.toString();
  }

  private static String encode(double longitude, double latitude, int digits) {
    if (!Double.isFinite(longitude) || !Double.isFinite(latitude)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "geohashEncode takes finite longitude and latitude");
    }
    int bits = 5 * digits;
    return text(cell(longitude, 180, (bits + 1) / 2), cell(latitude, 90, bits / 2), digits);
  }

  private static void decode(String hash, VectorBuilder to) {
    double west = -180;
    double east = 180;
    double south = -90;
    double north = 90;
    int bit = 0;
    int length = Math.min(MOST_DIGITS, hash.length());
    for (int i = 0; i < length; i++) {
      int digit = DIGITS.indexOf(Character.toLowerCase(hash.charAt(i)));
      if (digit < 0) {
        west = east = south = north = 0;
        break;
      }
      for (int b = 4; b >= 0; b--, bit++) {
        boolean upper = (digit >> b & 1) == 1;
        if (bit % 2 == 0) {
          double middle = (west + east) / 2;
          west = upper ? middle : west;
          east = upper ? east : middle;
        } else {
          double middle = (south + north) / 2;
          south = upper ? middle : south;
          north = upper ? north : middle;
        }
      }
    }
    to.child(0).appendDouble((west + east) / 2);
    to.child(1).appendDouble((south + north) / 2);
    to.endStruct();
  }

  private static void inBox(List<Vector> v, int row, VectorBuilder to) {
    int digits = digits(v, 4, row);
    int bits = 5 * digits;
    double west = number(v, 0, row);
    double south = number(v, 1, row);
    double east = number(v, 2, row);
    double north = number(v, 3, row);
    if (west <= east && south <= north) {
      long left = cell(west, 180, (bits + 1) / 2);
      long right = cell(east, 180, (bits + 1) / 2);
      long bottom = cell(south, 90, bits / 2);
      long top = cell(north, 90, bits / 2);
      if ((double) (right - left + 1) * (top - bottom + 1) > MOST_CELLS) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "geohashesInBox would give more than " + MOST_CELLS + " cells; ask for fewer digits");
      }
      for (long longitude = left; longitude <= right; longitude++) {
        for (long latitude = bottom; latitude <= top; latitude++) {
          RowBinding.append(text(longitude, latitude, digits), to.child(0));
        }
      }
    }
    to.endList();
  }
}
