// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.List;
import java.util.function.Function;

/// The records of a topic, those that are there when the query begins.
///
/// @param name the topic
/// @param types of its columns
/// @param records opens them; their batches live in the scratch it is given
public record TopicRows(String name, List<DataType> types, Function<Scratch, BatchSource> records)
    implements Operator {
  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "TopicRows " + name;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    Scratch scratch = context.newScratch();
    BatchSource source;
    try {
      source = records.apply(scratch);
    } catch (RuntimeException failed) {
      scratch.close();
      throw failed;
    }
    return ParallelSource.single(
        new BatchSource() {
          @Override
          public Batch next() {
            context.check();
            return source.next();
          }

          @Override
          public void close() {
            source.close();
            scratch.close();
          }
        });
  }
}
