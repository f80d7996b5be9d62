// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.error.NearNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Settings of topics by the names that Kafka's clients use.
final class TopicConfig {
  private static final String SEGMENT = "segment.bytes";
  private static final String MAX_MESSAGE = "max.message.bytes";
  private static final String RETENTION_TIME = "retention.ms";
  private static final String RETENTION_BYTES = "retention.bytes";
  private static final String SEGMENT_TIME = "segment.ms";
  private static final String POLICY = "cleanup.policy";
  private static final String TOMBSTONES = "delete.retention.ms";
  private static final String FLUSH_TIME = "flush.ms";

  /// Where one server keeps a topic it can only be 1.
  static final String MIN_IN_SYNC = "min.insync.replicas";

  private static final List<String> NUMBERS =
      List.of(
          SEGMENT,
          SEGMENT_TIME,
          MAX_MESSAGE,
          RETENTION_TIME,
          RETENTION_BYTES,
          TOMBSTONES,
          FLUSH_TIME);

  /// Settings that clients may send, with the one value that is true here.
  private static final Map<String, String> FIXED =
      Map.of(
          "compression.type", "producer", "message.timestamp.type", "CreateTime", MIN_IN_SYNC, "1");

  private TopicConfig() {}

  /// Settings of a topic over the defaults.
  ///
  /// @throws RefusedException INVALID_CONFIG naming the setting and what it takes
  static LogSettings settings(Map<String, String> config, LogSettings defaults) {
    config.forEach(TopicConfig::check);
    String policy = config.getOrDefault(POLICY, policy(defaults));
    return new LogSettings(
        (int) number(config, SEGMENT, defaults.segmentBytes(), 1024, Integer.MAX_VALUE),
        number(config, SEGMENT_TIME, defaults.segmentMillis(), 1, Long.MAX_VALUE),
        (int) number(config, MAX_MESSAGE, defaults.maxBatchBytes(), 1024, Integer.MAX_VALUE),
        policy.contains("delete"),
        number(config, RETENTION_TIME, defaults.retentionMillis(), -1, Long.MAX_VALUE),
        number(config, RETENTION_BYTES, defaults.retentionBytes(), -1, Long.MAX_VALUE),
        policy.contains("compact"),
        number(config, TOMBSTONES, defaults.tombstoneMillis(), 0, Long.MAX_VALUE),
        number(config, FLUSH_TIME, defaults.flushMillis(), -1, Long.MAX_VALUE));
  }

  /// Settings but for those that count in a cluster only.
  static Map<String, String> ofEveryTopic(Map<String, String> config) {
    Map<String, String> others = new LinkedHashMap<>(config);
    others.remove(MIN_IN_SYNC);
    return others;
  }

  private static String policy(LogSettings settings) {
    if (settings.compacts()) {
      return settings.deletes() ? "compact,delete" : "compact";
    }
    return "delete";
  }

  private static void check(String name, String value) {
    if (NUMBERS.contains(name)) {
      return;
    }
    if (name.equals(POLICY)) {
      if (!List.of("delete", "compact", "compact,delete", "delete,compact").contains(value)) {
        throw invalid(POLICY + " is delete, compact or both with a comma, found " + value);
      }
      return;
    }
    String only = FIXED.get(name);
    if (only == null) {
      throw invalid(
          "unknown setting " + name + NearNames.suggest(name, names()) + " Known: " + names());
    }
    if (!only.equals(value)) {
      throw invalid(name + " can only be " + only + ", found " + value);
    }
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(NUMBERS);
    names.add(POLICY);
    return names;
  }

  private static long number(
      Map<String, String> config, String name, long fallback, long min, long max) {
    String text = config.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(name + " must be a number, found " + text);
    }
    throw invalid(name + " must be " + min + " to " + max + ", found " + text);
  }

  private static RefusedException invalid(String message) {
    return new RefusedException(Refusal.INVALID_CONFIG, message);
  }

  /// What topics have that say nothing else, by the names that a broker has for it.
  static Map<String, String> ofBroker(LogSettings settings) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("log.cleanup.policy", policy(settings));
    shown.put("log.roll.ms", Long.toString(settings.segmentMillis()));
    shown.put("log.cleaner.delete.retention.ms", Long.toString(settings.tombstoneMillis()));
    shown.put("log.segment.bytes", Integer.toString(settings.segmentBytes()));
    shown.put("message.max.bytes", Integer.toString(settings.maxBatchBytes()));
    shown.put("log.retention.ms", Long.toString(settings.retentionMillis()));
    shown.put("log.retention.bytes", Long.toString(settings.retentionBytes()));
    shown.put("log.flush.interval.ms", Long.toString(settings.flushMillis()));
    return shown;
  }

  /// Settings in force, as DescribeConfigs shows them.
  static Map<String, String> shown(LogSettings settings) {
    Map<String, String> shown = new LinkedHashMap<>(FIXED);
    shown.put(POLICY, policy(settings));
    shown.put(SEGMENT_TIME, Long.toString(settings.segmentMillis()));
    shown.put(TOMBSTONES, Long.toString(settings.tombstoneMillis()));
    shown.put(SEGMENT, Integer.toString(settings.segmentBytes()));
    shown.put(MAX_MESSAGE, Integer.toString(settings.maxBatchBytes()));
    shown.put(RETENTION_TIME, Long.toString(settings.retentionMillis()));
    shown.put(RETENTION_BYTES, Long.toString(settings.retentionBytes()));
    shown.put(FLUSH_TIME, Long.toString(settings.flushMillis()));
    return shown;
  }
}
