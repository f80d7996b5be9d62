// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/// Functions declared by their signature, in which each argument's kind stands beside its name:
/// `repeat(text String, n Int)`. The check of arguments follows from it.
///
/// Kinds: `String`, `Int` (of up to 64 bits), `Integer`, `Number`, `Array`, `Strings` (an array of
/// them), `Map`, `Tuple`, `Time`, `Any`, each also after `const`.
public final class Declared {
  private Declared() {}

  /// A function of one result type, row by row.
  public static ScalarFunction rows(
      String signature, String doc, DataType type, RowBinding.Row row) {
    return bound(signature, doc, _ -> RowBinding.of(type, row));
  }

  /// A function whose result type follows from the arguments', row by row.
  public static ScalarFunction rows(
      String signature, String doc, Function<List<Argument>, DataType> type, RowBinding.Row row) {
    return bound(signature, doc, args -> RowBinding.of(type.apply(args), row));
  }

  /// A function with a binder of its own, which sees arguments of the right kinds.
  public static ScalarFunction bound(String signature, String doc, ScalarFunction.Binder binder) {
    Signature parsed = Signature.parse(signature);
    return ScalarFunction.of(
        parsed.name(),
        signature,
        doc,
        args -> {
          parsed.check(args);
          return labelled(parsed, args, binder);
        });
  }

  /// Enums that stand for texts reach the binder and its kernel as texts.
  private static ScalarFunction.Binding labelled(
      Signature signature, List<Argument> args, ScalarFunction.Binder binder) {
    BitSet labels = new BitSet();
    List<Argument> texts = new ArrayList<>(args);
    for (int i = 0; i < args.size(); i++) {
      Argument argument = args.get(i);
      if (signature.wantsText(i) && argument.plain() instanceof DataType.Enumeration) {
        labels.set(i);
        texts.set(i, new Argument(DataTypes.STRING, argument.constant(), argument.isConstant()));
      }
    }
    ScalarFunction.Binding bound = binder.bind(List.copyOf(texts));
    if (labels.isEmpty()) {
      return bound;
    }
    return new ScalarFunction.Binding(
        bound.type(),
        (v, rows, scratch) -> {
          List<Vector> read = new ArrayList<>(v);
          labels.stream().forEach(i -> read.set(i, texts(v.get(i), scratch)));
          return bound.kernel().evaluate(read, rows, scratch);
        });
  }

  private static Vector texts(Vector labels, Scratch scratch) {
    if (labels.isConstant()) {
      Vector single = texts(labels.single(), scratch);
      return Vector.constant(single.type(), labels.rows(), single);
    }
    DataType.Enumeration type = (DataType.Enumeration) labels.type().unwrapped();
    VectorBuilder builder = new VectorBuilder(DataTypes.nullable(DataTypes.STRING), scratch);
    for (int i = 0; i < labels.rows(); i++) {
      if (labels.isNull(i)) {
        builder.appendNull();
      } else {
        RowBinding.append(type.textOf(labels.getLong(i)), builder);
      }
    }
    return builder.build();
  }
}
