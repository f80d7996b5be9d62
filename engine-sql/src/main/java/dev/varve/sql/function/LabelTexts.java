// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Enumerations as arguments of functions that know texts only: their labels go in.
final class LabelTexts {
  private LabelTexts() {}

  /// The function over the labels, or null where no argument is an enumeration or it takes texts no
  /// better.
  ///
  /// @param binder how the function binds
  /// @param refused why the function did not take the arguments as they are
  static ScalarFunction.Binding bind(
      ScalarFunction.Binder binder, List<Argument> arguments, ErrorCode refused) {
    boolean[] labels = new boolean[arguments.size()];
    List<Argument> texts = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < labels.length; i++) {
      Argument argument = arguments.get(i);
      labels[i] = argument.plain() instanceof DataType.Enumeration;
      any |= labels[i];
      DataType text =
          argument.type().isNullable() ? DataTypes.nullable(DataTypes.STRING) : DataTypes.STRING;
      texts.add(labels[i] ? Argument.of(text) : argument);
    }
    if (!any || refused != ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT) {
      return null;
    }
    ScalarFunction.Binding bound;
    try {
      bound = binder.bind(texts);
    } catch (VarveException e) {
      return null;
    }
    Kernel[] casts = new Kernel[labels.length];
    for (int i = 0; i < casts.length; i++) {
      casts[i] = labels[i] ? Conversion.plain(arguments.get(i).type(), texts.get(i).type()) : null;
    }
    return new ScalarFunction.Binding(
        bound.type(),
        (v, rows, scratch) -> {
          List<Vector> given = new ArrayList<>(v);
          for (int i = 0; i < casts.length; i++) {
            if (casts[i] != null) {
              given.set(i, casts[i].evaluate(List.of(v.get(i)), rows, scratch));
            }
          }
          return bound.kernel().evaluate(given, rows, scratch);
        });
  }
}
