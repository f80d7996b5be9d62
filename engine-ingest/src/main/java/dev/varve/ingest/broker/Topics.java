// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.log.TopicStore;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.sink.DeadLetters;
import dev.varve.ingest.sink.TableSink;
import dev.varve.ingest.wire.KafkaDecompressor;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.table.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// All topics in service. A table is a topic: it gets one when it is first asked for, and the topic
/// goes when the table is gone. Safe for threads.
///
/// A table comes before a plain topic of the same name. A topic belongs to the identity of a table,
/// not to its name, so a table that is dropped and created anew never sees the old one's records,
/// and one that is renamed takes its topic along. While a table is detached its topic is out of
/// reach, and stays.
final class Topics {
  private static final String DEFAULT_DATABASE = MergeEngine.DEFAULT_DATABASE;

  private final BrokerSettings settings;
  private final MergeEngine engine;
  private final TopicStore store;
  private final TopicOrigin origin;
  private final TopicOpener opener;
  private final KafkaDecompressor decompressor = new KafkaDecompressor();
  private final Map<String, LiveTopic> plain = new ConcurrentHashMap<>();
  private final Map<Long, LiveTopic> tables = new ConcurrentHashMap<>();
  private final Map<UUID, LiveTopic> byId = new ConcurrentHashMap<>();
  private final Map<Long, Topic> ofDetached = new ConcurrentHashMap<>();
  private final ErrorTopics errors = new ErrorTopics(name -> table(name).map(this::topicOf));

  Topics(
      BrokerSettings settings,
      MergeEngine engine,
      TopicStore store,
      TopicOrigin origin,
      TopicOpener opener) {
    this.settings = settings;
    this.engine = engine;
    this.store = store;
    this.origin = origin;
    this.opener = opener;
  }

  /// Opens every topic on disk and replays into tables what is not in durable parts.
  void load() throws IOException {
    Map<Long, MergeTable> known = new HashMap<>();
    engine.tables().forEach(table -> known.put(table.id(), table));
    List<Topic> topics = store.load();
    openPlain(topics.stream().filter(topic -> !topic.isTable()).toList());
    for (Topic topic : topics) {
      if (!topic.isTable()) {
        continue;
      }
      long id = Long.parseLong(topic.table());
      if (known.containsKey(id)) {
        reopened(topic, known.get(id));
      } else if (engine.hasTable(id)) {
        ofDetached.put(id, topic);
      } else {
        store.delete(topic); // its table was dropped
      }
    }
  }

  /// Thousands of them are opened on all cores: a start waits for files more than it computes.
  private void openPlain(List<Topic> topics) {
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    try (ExecutorService opening =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("varve-open-topics-", 0).factory())) {
      List<Future<LiveTopic>> opened = new ArrayList<>();
      for (Topic topic : topics) {
        opened.add(opening.submit(() -> opener.openPlain(topic)));
      }
      for (Future<LiveTopic> each : opened) {
        put(each.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException("a topic could not be opened", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while topics were opened", e);
    }
  }

  private void put(LiveTopic live) {
    byId.put(live.shown().id(), live);
    if (live.sink() == null) {
      plain.put(live.topic().name(), live);
    } else {
      tables.put(Long.parseLong(live.topic().table()), live);
    }
  }

  Optional<LiveTopic> find(String name) {
    Optional<MergeTable> table = table(name);
    if (table.isPresent()) {
      return Optional.of(topicOf(table.get()));
    }
    return Optional.ofNullable(plain.get(name)).or(() -> errors.find(name));
  }

  Optional<LiveTopic> find(UUID id) {
    LiveTopic live = byId.get(id);
    if (live == null) {
      return errors.find(id);
    }
    if (live.table() == null) {
      return Optional.of(live);
    }
    return engine
        .table(live.table().definition().name())
        .filter(table -> table.id() == live.table().id())
        .map(this::topicOf)
        .filter(now -> now.shown().id().equals(id));
  }

  private static boolean isGone(LiveTopic live) {
    return live.sink() != null && live.sink().isGone();
  }

  /// The table that a topic's name means: `table` of the default database, or `database.table`.
  private Optional<MergeTable> table(String name) {
    Optional<MergeTable> found = Optional.empty();
    int dot = name.indexOf('.');
    if (dot > 0) {
      found = engine.table(new TableName(name.substring(0, dot), name.substring(dot + 1)));
    }
    if (found.isEmpty()) {
      found = engine.table(new TableName(DEFAULT_DATABASE, name));
    }
    return found.filter(table -> !table.definition().isView());
  }

  private LiveTopic topicOf(MergeTable table) {
    LiveTopic live = tables.get(table.id());
    return live != null && live.serves(table) ? live : openFor(table);
  }

  private synchronized LiveTopic openFor(MergeTable table) {
    LiveTopic live = tables.get(table.id());
    if (live == null) {
      Topic resting = ofDetached.remove(table.id());
      return resting == null ? createFor(table) : reopened(resting, table);
    }
    if (live.serves(table)) {
      return live;
    }
    byId.remove(live.shown().id());
    close(live); // the table was renamed, or was detached and is back
    return reopened(live.topic(), table);
  }

  /// A producer counts the batches of each topic by its name from 0. Under another name what is
  /// known of producers means nothing, and would take new batches for ones sent again.
  private LiveTopic reopened(Topic topic, MergeTable table) {
    String name = LiveTopic.nameOf(table.definition().name());
    boolean renamed = !name.equals(topic.name());
    LiveTopic live = opener.openTable(renamed ? topic.withName(name) : topic, table);
    if (renamed) {
      renamed(live);
    }
    put(live);
    return live;
  }

  private void renamed(LiveTopic live) {
    try {
      for (LivePartition partition : live.partitions()) {
        partition.forgetProducers();
      }
      store.update(live.topic());
    } catch (IOException e) {
      close(live);
      throw new RefusedException(
          Refusal.KAFKA_STORAGE_ERROR,
          "cannot rename topic " + live.topic().name() + ": " + e.getMessage());
    }
  }

  private LiveTopic createFor(MergeTable table) {
    int partitions = Integer.parseInt(table.definition().settings().getOrDefault("shards", "1"));
    Topic topic =
        new Topic(
            UUID.randomUUID(),
            LiveTopic.nameOf(table.definition().name()),
            partitions,
            Long.toString(table.id()),
            Map.of());
    LiveTopic created = persist(topic, table);
    put(created);
    return created;
  }

  private LiveTopic persist(Topic topic, MergeTable table) {
    try {
      Topic made = origin.make(topic);
      return table == null ? opener.openPlain(made) : opener.openTable(made, table);
    } catch (IOException e) {
      throw new RefusedException(
          Refusal.KAFKA_STORAGE_ERROR,
          "cannot create topic " + topic.name() + ": " + e.getMessage());
    }
  }

  /// All topics, those of tables made first where they are missing.
  Collection<LiveTopic> all() {
    Map<String, LiveTopic> all = new HashMap<>(plain);
    for (MergeTable table : engine.tables()) {
      if (!table.definition().isView()) {
        LiveTopic live = topicOf(table);
        all.put(live.topic().name(), live);
        errors.of(live).ifPresent(topic -> all.putIfAbsent(topic.topic().name(), topic));
      }
    }
    return all.values();
  }

  /// As [#all()], and the topics of detached tables.
  Collection<Topic> existing() {
    Map<UUID, Topic> existing = new HashMap<>();
    ofDetached.values().forEach(topic -> existing.put(topic.shown().id(), topic.shown()));
    for (LiveTopic live : byId.values()) {
      if (!isGone(live)) {
        existing.put(live.shown().id(), live.shown());
      }
    }
    all().forEach(live -> existing.put(live.shown().id(), live.shown()));
    return existing.values();
  }

  /// A topic of the broker's own, made where it is missing.
  synchronized LiveTopic internal(String name, int partitions, Map<String, String> config) {
    LiveTopic known = plain.get(name);
    if (known == null) {
      known = persist(new Topic(UUID.randomUUID(), name, partitions, "", config), null);
      put(known);
    }
    return known;
  }

  /// Topics that are open now.
  Collection<LiveTopic> open() {
    return byId.values();
  }

  synchronized LiveTopic create(
      String name, int partitions, Map<String, String> config, boolean validateOnly) {
    TopicNames.check(name);
    if (Topic.isInternal(name)) {
      throw new RefusedException(
          Refusal.INVALID_TOPIC_EXCEPTION, "topic " + name + " is made by the broker itself");
    }
    if (find(name).isPresent()) {
      throw new RefusedException(Refusal.TOPIC_ALREADY_EXISTS, "topic " + name + " exists already");
    }
    if (partitions < 1 || partitions > TopicNames.MAX_PARTITIONS) {
      throw new RefusedException(
          Refusal.INVALID_PARTITIONS,
          "a topic has 1 to " + TopicNames.MAX_PARTITIONS + " partitions, found " + partitions);
    }
    origin.check(config, settings.plainLog());
    Topic topic = new Topic(UUID.randomUUID(), name, partitions, "", config);
    if (validateOnly) {
      return new LiveTopic(topic, null, null, List.of());
    }
    LiveTopic created = persist(topic, null);
    put(created);
    return created;
  }

  Optional<LiveTopic> findOrCreate(String name) {
    Optional<LiveTopic> found = find(name);
    if (found.isPresent() || !settings.createsTopics()) {
      return found;
    }
    synchronized (this) {
      found = find(name);
      return found.isPresent() ? found : Optional.of(create(name, 1, Map.of(), false));
    }
  }

  void delete(LiveTopic live) {
    if (live.topic().isInternal()) {
      throw new RefusedException(
          Refusal.INVALID_TOPIC_EXCEPTION,
          "topic " + live.topic().name() + " is the broker's own; delete its groups instead");
    }
    if (live.table() != null && !isGone(live)) {
      throw new RefusedException(
          Refusal.POLICY_VIOLATION,
          "topic "
              + live.topic().name()
              + " is a table; use DROP TABLE "
              + live.table().definition().name());
    }
    try {
      origin.drop(live.topic());
      remove(live);
    } catch (IOException e) {
      throw new RefusedException(
          Refusal.KAFKA_STORAGE_ERROR,
          "cannot delete topic " + live.topic().name() + ": " + e.getMessage());
    }
  }

  private synchronized void remove(LiveTopic live) throws IOException {
    if (byId.remove(live.shown().id()) == null) {
      return;
    }
    plain.remove(live.topic().name(), live);
    tables.values().remove(live);
    close(live);
    store.delete(live.topic());
  }

  /// Puts a topic in the place of one of the same id.
  synchronized void replace(LiveTopic before, LiveTopic now) {
    if (!byId.replace(before.shown().id(), before, now)) {
      throw new RefusedException(
          Refusal.UNKNOWN_TOPIC_OR_PARTITION, "topic " + before.topic().name() + " is gone");
    }
    plain.replace(before.topic().name(), before, now);
  }

  /// The plain topic of a name, or null.
  LiveTopic plain(String name) {
    return plain.get(name);
  }

  /// Opens a plain topic that another server made.
  synchronized void openHere(Topic topic) {
    if (!plain.containsKey(topic.name())) {
      put(opener.openPlain(topic));
    }
  }

  /// Opens the topic of a table that another server made it for, once the table is here.
  void openWhereKnown(long table) {
    if (!tables.containsKey(table)) {
      engine.tables().stream()
          .filter(known -> known.id() == table)
          .findFirst()
          .ifPresent(this::topicOf);
    }
  }

  /// Drops what this server has of a topic that is gone.
  synchronized void dropHere(LiveTopic live) throws IOException {
    remove(live);
  }

  static void close(LiveTopic live) {
    live.partitions().forEach(LivePartition::close);
    for (LivePartition partition : live.partitions()) {
      if (partition.queue() != null) {
        partition.queue().awaitIdle();
      }
      if (partition.log() != null) {
        partition.log().close();
      }
      if (partition.deadLetters() != null) {
        partition.deadLetters().close();
      }
    }
  }

  /// Removes topics whose table is gone and segments that nobody needs. Returns segments deleted.
  int tidy() throws IOException {
    int deleted = 0;
    for (LiveTopic live : List.copyOf(byId.values())) {
      if (isGone(live)) {
        origin.drop(live.topic());
        remove(live);
        continue;
      }
      for (int i = 0; i < live.partitions().size(); i++) {
        PartitionLog log = live.partitions().get(i).log();
        if (log != null) {
          deleted += log.retain(keepFrom(live.sink(), i));
          log.compact(decompressor);
        }
      }
    }
    return deleted;
  }

  /// The offset from which a partition must keep its records, whoever wants them gone.
  long keepFrom(LiveTopic live, int partition) {
    return keepFrom(live.sink(), partition);
  }

  private static long keepFrom(TableSink sink, int partition) {
    return sink == null ? Long.MAX_VALUE : sink.durableOffsets().getOrDefault(partition, 0L);
  }

  LogSettings settings(LiveTopic live) {
    return live.sink() == null
        ? TopicConfig.settings(TopicConfig.ofEveryTopic(live.topic().config()), settings.plainLog())
        : settings.tableLog();
  }

  /// Shows the records of all tables that did not fit them.
  void visitDeadLetters(DeadLetterVisitor visitor) {
    for (LiveTopic live : byId.values()) {
      for (int i = 0; i < live.partitions().size(); i++) {
        DeadLetters letters = live.partitions().get(i).deadLetters();
        if (letters != null) {
          int partition = i;
          letters.visit(letter -> visitor.letter(live.topic().name(), partition, letter));
        }
      }
    }
  }

  List<IngestStatus> status() {
    List<IngestStatus> rows = new ArrayList<>();
    for (LiveTopic live : byId.values()) {
      for (int i = 0; i < live.partitions().size(); i++) {
        rows.add(status(live, i));
      }
    }
    return rows;
  }

  private static IngestStatus status(LiveTopic live, int index) {
    LivePartition partition = live.partitions().get(index);
    PartitionLog log = partition.log();
    String table = live.table() == null ? "" : live.table().definition().name().toString();
    String name =
        live.table() == null
            ? live.topic().name()
            : LiveTopic.nameOf(live.table().definition().name());
    if (log == null) {
      return new IngestStatus(name, index, table, 0, 0, 0, 0, 0, 0, 0, partition.lastError());
    }
    long applied = log.highWatermark();
    long durable = log.highWatermark();
    if (live.sink() != null) {
      applied = live.sink().appliedOffsets().getOrDefault(index, 0L);
      durable = live.sink().durableOffsets().getOrDefault(index, 0L);
    }
    long end = log.endOffset();
    return new IngestStatus(
        name,
        index,
        table,
        log.startOffset(),
        end,
        log.highWatermark(),
        applied,
        durable,
        Math.max(0, end - applied),
        log.bytes(),
        partition.lastError());
  }
}
