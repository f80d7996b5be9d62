// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.fetch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.requests.FetchMetadata;

/// The partitions that a client reads, so that it names only what changes, and is told only what
/// changed. Safe for threads.
///
/// A partition that gave records goes behind the others, so that each has its turn where the bytes
/// of an answer do not reach for all.
public final class FetchSession {
  private static final long UNTOLD = -2;

  /// A partition by what the client calls it.
  private record Key(String topic, Uuid topicId, int partition) {
    Key(Asked asked) {
      this(asked.topic(), asked.topicId(), asked.partition().partition());
    }
  }

  /// What the client wants, and what it was told last.
  private static final class Entry {
    private Asked asked;
    private long highWatermark = UNTOLD;
    private long startOffset = UNTOLD;

    Entry(Asked asked) {
      this.asked = asked;
    }
  }

  private final int id;
  private final boolean usesTopicIds;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private int epoch = FetchMetadata.INITIAL_EPOCH;
  private long usedNanos;

  FetchSession(int id, boolean usesTopicIds) {
    this.id = id;
    this.usesTopicIds = usesTopicIds;
  }

  public int id() {
    return id;
  }

  boolean usesTopicIds() {
    return usesTopicIds;
  }

  synchronized long usedNanos() {
    return usedNanos;
  }

  synchronized int epoch() {
    return epoch;
  }

  /// Takes a request in; the next must have the next epoch.
  synchronized void update(FetchRequestData request, long nowNanos) {
    for (Asked asked : Asked.of(request)) {
      entries.computeIfAbsent(new Key(asked), _ -> new Entry(asked)).asked = asked;
    }
    for (ForgottenTopic topic : request.forgottenTopicsData()) {
      for (int partition : topic.partitions()) {
        entries.remove(new Key(topic.topic(), topic.topicId(), partition));
      }
    }
    epoch = FetchMetadata.nextEpoch(epoch);
    usedNanos = nowNanos;
  }

  /// All partitions of the session, in the order in which they have their turn.
  public synchronized List<Asked> asked() {
    List<Asked> all = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> all.add(entry.asked));
    return all;
  }

  /// Whether the client must be told this of a partition, which it then was.
  public synchronized boolean tells(Asked asked, PartitionData found) {
    Key key = new Key(asked);
    Entry entry = entries.get(key);
    if (entry == null) {
      return false; // forgotten meanwhile
    }
    boolean hasRecords = found.records() != null && found.records().sizeInBytes() > 0;
    boolean isError = found.errorCode() != 0;
    boolean tells =
        hasRecords
            || isError
            || found.highWatermark() != entry.highWatermark
            || found.logStartOffset() != entry.startOffset;
    // What follows an error is told, whatever it is.
    entry.highWatermark = isError ? UNTOLD : found.highWatermark();
    entry.startOffset = found.logStartOffset();
    if (hasRecords) {
      entries.remove(key);
      entries.put(key, entry);
    }
    return tells;
  }
}
