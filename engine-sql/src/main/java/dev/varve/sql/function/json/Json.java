// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import java.math.BigInteger;
import java.util.List;

/// A JSON value as read. Members of an object keep their order, and a name may come twice.
sealed interface Json {
  record Members(List<String> names, List<Json> values) implements Json {
    Json get(String name, boolean anyCase) {
      for (int i = 0; i < names.size(); i++) {
        if (anyCase ? names.get(i).equalsIgnoreCase(name) : names.get(i).equals(name)) {
          return values.get(i);
        }
      }
      return null;
    }
  }

  record Items(List<Json> items) implements Json {}

  record Text(String value) implements Json {}

  record Whole(BigInteger value) implements Json {}

  record Real(double value) implements Json {}

  record Truth(boolean value) implements Json {}

  record Null() implements Json {}

  /// The n-th item or member, from 1, or from the end where negative; null where there is none.
  default Json at(long position) {
    List<Json> all =
        switch (this) {
          case Members members -> members.values();
          case Items(List<Json> items) -> items;
          case Text _, Whole _, Real _, Truth _, Null _ -> List.of();
        };
    long index = position > 0 ? position - 1 : all.size() + position;
    return position != 0 && index >= 0 && index < all.size() ? all.get((int) index) : null;
  }

  /// Items of an array or members of an object; 0 for others.
  default int size() {
    return switch (this) {
      case Members members -> members.values().size();
      case Items(List<Json> items) -> items.size();
      case Text _, Whole _, Real _, Truth _, Null _ -> 0;
    };
  }
}
