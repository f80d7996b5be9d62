// SPDX-License-Identifier: Apache-2.0
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/// Kafka Streams' word count, exactly once, until its standard input ends. A program of its own:
/// arguments are the broker's address and a folder.
public final class WordCount {
  public static void main(String[] arguments) throws Exception {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "word-count");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    config.put(StreamsConfig.STATE_DIR_CONFIG, arguments[1]);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    // What a killed program held is given away soon.
    config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 3000);
    config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 500);
    config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 3000);
    config.put(
        StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
        BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
    config.put(
        StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(
        StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, String> lines = builder.stream("lines");
    lines
        .flatMapValues(line -> Arrays.asList(line.toLowerCase(Locale.ROOT).split(" ")))
        .groupBy((key, word) -> word)
        .count(Named.as("count"), Materialized.as("counts"))
        .toStream()
        .mapValues(count -> Long.toString(count))
        .to("words", Produced.with(Serdes.String(), Serdes.String()));
    try (KafkaStreams streams = new KafkaStreams(builder.build(), config)) {
      streams.start();
      while (System.in.read() >= 0) {}
      streams.close(Duration.ofSeconds(20));
    }
  }
}
