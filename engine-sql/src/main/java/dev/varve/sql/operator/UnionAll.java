// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.ArrayList;
import java.util.List;

/// The rows of all inputs, which have the same types.
public record UnionAll(List<Operator> inputs) implements Operator {
  public UnionAll {
    inputs = List.copyOf(inputs);
  }

  @Override
  public List<DataType> types() {
    return shared(inputs);
  }

  /// Types of rows of any of these inputs, which differ at most in whether values can be NULL.
  static List<DataType> shared(List<Operator> inputs) {
    List<DataType> types = new ArrayList<>(inputs.getFirst().types());
    for (Operator input : inputs) {
      List<DataType> own = input.types();
      for (int c = 0; c < types.size(); c++) {
        if (own.get(c).isNullable()) {
          types.set(c, DataTypes.nullable(types.get(c)));
        }
      }
    }
    return types;
  }

  @Override
  public String describe() {
    return "UnionAll";
  }

  @Override
  public ParallelSource open(QueryContext context) {
    List<ParallelSource> sources = new ArrayList<>();
    for (Operator input : inputs) {
      sources.add(context.open(input));
    }
    return new Sources(sources);
  }

  /// Worker `i` takes share `i` of each input that has one, in turn.
  private record Sources(List<ParallelSource> sources) implements ParallelSource {
    @Override
    public int parallelism() {
      return sources.stream().mapToInt(ParallelSource::parallelism).max().orElse(1);
    }

    @Override
    public BatchSource worker(int index) {
      return new BatchSource() {
        private int next;
        private BatchSource share = BatchSource.empty();

        @Override
        public Batch next() {
          while (true) {
            Batch batch = share.next();
            if (batch != null) {
              return batch;
            }
            share.close();
            share = BatchSource.empty();
            while (next < sources.size() && sources.get(next).parallelism() <= index) {
              next++;
            }
            if (next == sources.size()) {
              return null;
            }
            share = sources.get(next++).worker(index);
          }
        }

        @Override
        public void close() {
          share.close();
        }
      };
    }

    @Override
    public void close() {
      sources.forEach(ParallelSource::close);
    }
  }
}
