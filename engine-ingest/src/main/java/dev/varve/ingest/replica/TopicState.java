// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import dev.varve.ingest.log.Topic;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What all servers agree on about a topic: what it is, and the state of each partition. It is kept
/// as lines of text, so that `system.zookeeper` shows it to people.
///
/// @param partitions one for each of the topic's
public record TopicState(Topic topic, List<PartitionState> partitions) {
  private static final String TITLE = "varve topic 1";

  public TopicState {
    partitions = List.copyOf(partitions);
    if (topic.partitions() != partitions.size()) {
      throw new IllegalArgumentException(
          "a topic of " + topic.partitions() + " partitions, and states of " + partitions.size());
    }
  }

  public TopicState with(List<PartitionState> others) {
    return new TopicState(topic, others);
  }

  /// Another state of one partition.
  public TopicState with(int partition, PartitionState other) {
    List<PartitionState> all = new ArrayList<>(partitions);
    all.set(partition, other);
    return new TopicState(topic, all);
  }

  /// A name for the topic that no other one has: plain topics by name, as two must not share one,
  /// and those of tables by the identity of the table.
  public String key() {
    return key(topic);
  }

  public static String key(Topic topic) {
    return topic.isTable() ? "table-" + topic.table() : "topic-" + encoded(topic.name());
  }

  public byte[] text() {
    List<String> lines = new ArrayList<>();
    lines.add(TITLE);
    lines.add("id " + topic.id());
    lines.add("name " + encoded(topic.name()));
    lines.add("table " + topic.table());
    new TreeMap<>(topic.config())
        .forEach((name, value) -> lines.add("config " + encoded(name) + "=" + encoded(value)));
    for (PartitionState partition : partitions) {
      lines.add(
          "partition leader="
              + partition.leader()
              + " epoch="
              + partition.epoch()
              + " isr="
              + joined(partition.isr())
              + " replicas="
              + joined(partition.replicas()));
    }
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// @throws VarveException CORRUPTED_DATA for text that is none of a topic
  public static TopicState parse(byte[] text) {
    List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
    try {
      if (lines.isEmpty() || !lines.getFirst().equals(TITLE)) {
        throw new IllegalArgumentException("it does not begin with '" + TITLE + "'");
      }
      Map<String, String> config = new TreeMap<>();
      List<PartitionState> partitions = new ArrayList<>();
      Map<String, String> fields = new TreeMap<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
          case "config" -> {
            String[] pair = words[1].split("=", 2);
            config.put(decoded(pair[0]), decoded(pair[1]));
          }
          case "partition" -> partitions.add(partition(words[1]));
          default -> fields.put(words[0], words[1]);
        }
      }
      Topic topic =
          new Topic(
              UUID.fromString(fields.get("id")),
              decoded(fields.get("name")),
              partitions.size(),
              fields.get("table"),
              config);
      return new TopicState(topic, partitions);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException e) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          "the state of a topic in ZooKeeper cannot be read: "
              + e.getMessage()
              + "; all servers of a cluster need a version that knows it",
          e);
    }
  }

  private static PartitionState partition(String text) {
    Map<String, String> values =
        Stream.of(text.split(" "))
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return new PartitionState(
        numbers(values.get("replicas")),
        Integer.parseInt(values.get("leader")),
        Integer.parseInt(values.get("epoch")),
        numbers(values.get("isr")));
  }

  private static List<Integer> numbers(String text) {
    return Stream.of(text.split(",")).map(Integer::valueOf).toList();
  }

  private static String joined(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
