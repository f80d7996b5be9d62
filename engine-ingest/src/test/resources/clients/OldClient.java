// SPDX-License-Identifier: Apache-2.0
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// What a program does with a Java client of any release: makes a topic, writes to a table, reads
/// it in a group, commits, writes and aborts transactions. Prints what it saw. A program of its
/// own: the argument is the broker's address.
public final class OldClient {
  private static Properties config(String address) {
    Properties config = new Properties();
    config.put("bootstrap.servers", address);
    return config;
  }

  public static void main(String[] arguments) throws Exception {
    String address = arguments[0];
    try (Admin admin = Admin.create(config(address))) {
      admin.createTopics(Collections.singleton(new NewTopic("notes", 2, (short) 1))).all().get();
      System.out.println("topics " + new TreeSet<>(admin.listTopics().names().get()));
      System.out.println(
          "partitions "
              + admin
                  .describeTopics(Arrays.asList("notes"))
                  .values()
                  .get("notes")
                  .get()
                  .partitions()
                  .size());
    }
    for (String codec : new String[] {"none", "gzip"}) {
      Properties config = config(address);
      config.put("enable.idempotence", "true");
      config.put("compression.type", codec);
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
        for (int i = 0; i < 100; i++) {
          producer.send(new ProducerRecord<>("events", "{\"id\":" + i + "}"));
        }
      }
    }
    transactions(address);
    System.out.println("events " + read(address, "events", 200));
    System.out.println("notes " + read(address, "notes", 2));
    System.out.println("again " + read(address, "events", 0));
  }

  private static void transactions(String address) {
    Properties config = config(address);
    config.put("transactional.id", "old");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      for (String word : new String[] {"one", "two", "aborted"}) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("notes", word));
        if (word.equals("aborted")) {
          producer.flush();
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
    }
  }

  /// Reads as a member of a group until so many records came and a poll brought no more.
  private static int read(String address, String topic, int wanted) {
    Properties config = config(address);
    config.put("group.id", "old-" + topic);
    config.put("auto.offset.reset", "earliest");
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", "false");
    int count = 0;
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(Collections.singleton(topic));
      long deadline = System.nanoTime() + 30_000_000_000L;
      boolean isOver = false;
      while (!isOver && System.nanoTime() < deadline) {
        int before = count;
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
          count++;
        }
        isOver = count >= wanted && count == before && !consumer.assignment().isEmpty();
      }
      consumer.commitSync();
    }
    return count;
  }
}
