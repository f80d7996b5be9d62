// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.Map;
import java.util.TreeMap;

/// The values at a share of all weights, where each value counts as often as its weight says.
final class WeightedRanks {
  private WeightedRanks() {}

  private static long total(TreeMap<HeapValue, Long> weights) {
    return weights.values().stream().mapToLong(Long::longValue).sum();
  }

  /// In proportion between the two elements beside the share.
  static double between(TreeMap<HeapValue, Long> weights, double level) {
    long total = total(weights);
    if (total == 0) {
      return Double.NaN;
    }
    double place = level * (total - 1);
    double low = at(weights, (long) Math.floor(place));
    double high = at(weights, (long) Math.ceil(place));
    return low + (place - Math.floor(place)) * (high - low);
  }

  /// The element that stands behind so many others.
  private static double at(TreeMap<HeapValue, Long> weights, double place) {
    long seen = 0;
    double value = Double.NaN;
    for (Map.Entry<HeapValue, Long> entry : weights.entrySet()) {
      seen += entry.getValue();
      if (entry.getValue() > 0) {
        value = entry.getKey().asDouble();
      }
      if (seen > place) {
        break;
      }
    }
    return value;
  }

  /// The middle of the bucket of the element, where buckets grow so that no value is further from
  /// its bucket's middle than the accuracy says.
  static double bucket(TreeMap<HeapValue, Long> weights, double level, double accuracy) {
    long total = total(weights);
    double value = total == 0 ? Double.NaN : at(weights, level * (total - 1));
    if (value == 0 || Double.isNaN(value)) {
      return value;
    }
    double growth = (1 + accuracy) / (1 - accuracy);
    double index = Math.ceil(Math.log(Math.abs(value)) / Math.log(growth));
    return Math.signum(value) * 2 * Math.pow(growth, index) / (growth + 1);
  }
}
