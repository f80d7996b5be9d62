// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.select;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Chooses parts of one partition to merge, so that parts stay few and a row is rewritten about
/// log(table / insert) times. Size-tiered: it merges parts of similar size, the sooner the more of
/// their rows are dead, and rather parts whose keys overlap than others. Pure; safe for threads.
///
/// A set is worth merging when its result is `growth` times its largest part: then each rewrite of
/// a row puts it into a part that much larger, which bounds how often that can happen. The growth
/// asked for falls from 4 to 2 as parts pile up or lie idle, and to 1.5 where rows are dead, never
/// below.
public final class MergeSelector {
  private static final double LEAST_GROWTH = 1.5;
  private static final double PILED_UP_GROWTH = 2;
  private static final double GROWTH = 4;
  private static final int FEW_PARTS = 8;
  private static final long IDLE_MILLIS = 300_000;

  /// Parts below this size cost the same to merge, which is mostly opening and committing.
  private static final long LEAST_WEIGHT = 64 << 10;

  /// Rows have numbers of 32 bits within a part.
  private static final long MAX_PART_ROWS = Integer.MAX_VALUE;

  private final long maxPartBytes;
  private final int maxFanIn;

  /// @param maxPartBytes a chosen set is never larger in sum
  /// @param maxFanIn parts merged at once at most
  public MergeSelector(long maxPartBytes, int maxFanIn) {
    if (maxFanIn < 2) {
      throw new IllegalArgumentException("a merge takes two parts at least, found " + maxFanIn);
    }
    this.maxPartBytes = maxPartBytes;
    this.maxFanIn = maxFanIn;
  }

  /// The parts to merge next, all of one partition, or none where nothing is worth it.
  public List<Candidate> select(List<Candidate> free) {
    Map<String, List<Candidate>> partitions = new TreeMap<>();
    for (Candidate candidate : free) {
      partitions.computeIfAbsent(candidate.partition(), _ -> new ArrayList<>()).add(candidate);
    }
    List<Candidate> best = List.of();
    double bestGain = 0;
    for (List<Candidate> partition : partitions.values()) {
      partition.sort(Comparator.comparingLong(Candidate::bytes).thenComparingLong(Candidate::id));
      for (int from = 0; from + 1 < partition.size(); from++) {
        for (int to = from + 2; to <= Math.min(partition.size(), from + maxFanIn); to++) {
          List<Candidate> window = partition.subList(from, to);
          double gain = gain(window, partition.size());
          if (gain > bestGain) {
            best = window;
            bestGain = gain;
          }
        }
      }
    }
    return List.copyOf(best);
  }

  /// Parts saved for each byte rewritten, up to twice that where their ranges of keys meet: such
  /// parts cost exact reads and pruning more than parts that lie apart. 0 where the set is not
  /// worth merging.
  private double gain(List<Candidate> window, int partsOfPartition) {
    long bytes = 0;
    long weight = 0;
    long rows = 0;
    long dead = 0;
    long largest = 0;
    double overlap = 0;
    long youngest = Long.MAX_VALUE;
    for (Candidate part : window) {
      long partWeight = Math.max(LEAST_WEIGHT, part.bytes());
      bytes += part.bytes();
      weight += partWeight;
      rows += part.rows();
      dead += part.deadRows();
      overlap += part.overlap();
      largest = Math.max(largest, partWeight);
      youngest = Math.min(youngest, part.ageMillis());
    }
    if (bytes > maxPartBytes || rows > MAX_PART_ROWS) {
      return 0;
    }
    double growth = growthAsked(partsOfPartition, youngest >= IDLE_MILLIS);
    double asked = Math.max(LEAST_GROWTH, growth * (1 - (double) dead / Math.max(1, rows)));
    double worth = 1 + overlap / window.size();
    return weight < asked * largest ? 0 : worth * (window.size() - 1) / (double) weight;
  }

  private static double growthAsked(int parts, boolean idle) {
    if (idle) {
      return PILED_UP_GROWTH;
    }
    double doublings = Math.log((double) parts / FEW_PARTS) / Math.log(2);
    return Math.clamp(GROWTH - doublings, PILED_UP_GROWTH, GROWTH);
  }
}
