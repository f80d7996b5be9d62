// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.BoundFunction.Nulls;
import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.UnknownTypeException;
import dev.varve.storage.vector.VectorOps;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All functions by name. Immutable; safe for threads.
///
/// Names of the SQL standard match in any case, the others as they are spelled.
public final class FunctionRegistry {
  private final Map<String, ScalarFunction> scalars = new HashMap<>();
  private final Map<String, AggregateFunction> aggregates = new HashMap<>();
  private final List<FunctionInfo> list = new ArrayList<>();

  /// A line of `system.functions`.
  ///
  /// @param aliasOf the name it is another spelling of, or empty
  public record FunctionInfo(
      String name,
      boolean isAggregate,
      boolean anyCase,
      String aliasOf,
      String signature,
      String doc,
      String category) {
    /// What the signature has between its parentheses.
    public String arguments() {
      int open = signature.indexOf('(');
      return open < 0 ? "" : signature.substring(open + 1, signature.lastIndexOf(')'));
    }
  }

  public FunctionRegistry(List<ScalarFunction> scalarList, List<AggregateFunction> aggregateList) {
    for (ScalarFunction f : scalarList) {
      put(scalars, f, f.name(), f.aliases(), f.anyCase());
      describe(f.name(), f.aliases(), false, f.anyCase(), f.signature(), f.doc(), f.category());
    }
    for (AggregateFunction f : aggregateList) {
      put(aggregates, f, f.name(), f.aliases(), f.anyCase());
      describe(f.name(), f.aliases(), true, f.anyCase(), f.signature(), f.doc(), "Aggregates");
    }
  }

  /// The functions that Varve comes with.
  public static FunctionRegistry standard() {
    return standard(Clock.systemUTC());
  }

  /// As [#standard()], with the clock that `now()` reads.
  public static FunctionRegistry standard(Clock clock) {
    return new FunctionRegistry(BuiltInFunctions.scalars(clock), BuiltInFunctions.aggregates());
  }

  private static <F> void put(
      Map<String, F> map, F function, String name, List<String> aliases, boolean anyCase) {
    for (String spelling : Stream.concat(Stream.of(name), aliases.stream()).toList()) {
      if (map.put(spelling, function) != null) {
        throw new IllegalStateException("two functions are named " + spelling);
      }
      if (anyCase) {
        map.putIfAbsent(folded(spelling), function);
      }
    }
  }

  private void describe(
      String name,
      List<String> aliases,
      boolean isAggregate,
      boolean anyCase,
      String signature,
      String doc,
      String category) {
    list.add(new FunctionInfo(name, isAggregate, anyCase, "", signature, doc, category));
    for (String alias : aliases) {
      list.add(new FunctionInfo(alias, isAggregate, anyCase, name, signature, doc, category));
    }
  }

  // A key no exact name can have, so that "now" in any case does not catch an exact "NOW".
  private static String folded(String name) {
    return "\0" + name.toLowerCase(Locale.ROOT);
  }

  private static <F> F find(Map<String, F> map, String name) {
    F exact = map.get(name);
    return exact != null ? exact : map.get(folded(name));
  }

  public List<FunctionInfo> list() {
    return List.copyOf(list);
  }

  public boolean isScalar(String name) {
    return find(scalars, name) != null;
  }

  public boolean isAggregate(String name) {
    return find(aggregates, name) != null || Combinators.isCombined(this, name);
  }

  /// The name that documentation uses for a scalar function, or empty.
  public Optional<ScalarFunction> scalarDeclaration(String name) {
    return Optional.ofNullable(find(scalars, name));
  }

  Optional<AggregateFunction> aggregateDeclaration(String name) {
    return Optional.ofNullable(find(aggregates, name));
  }

  /// A scalar function for arguments of which only the types are known.
  public BoundFunction scalar(String name, List<DataType> types) {
    return scalarOf(name, types.stream().map(Argument::of).toList());
  }

  /// A scalar function for these arguments. Some need a constant to know their type:
  /// `toDecimal64(x, 2)`, `tupleElement(t, 'name')`.
  ///
  /// @throws VarveException UNKNOWN_FUNCTION, ILLEGAL_TYPE_OF_ARGUMENT or
  ///   NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  public BoundFunction scalarOf(String name, List<Argument> arguments) {
    ScalarFunction function = find(scalars, name);
    if (function == null) {
      throw unknown(name);
    }
    List<DataType> types = arguments.stream().map(Argument::type).toList();
    if (function.nulls() == Nulls.HANDLE) {
      ScalarFunction.Binding bound = bind(function, arguments);
      return bound(function, types, bound.type(), Nulls.HANDLE, bound.kernel());
    }
    for (DataType type : types) {
      if (type.unwrapped() instanceof DataType.Nothing) {
        Kernel nothing = (_, rows, scratch) -> VectorOps.nulls(DataTypes.NOTHING, rows, scratch);
        return bound(function, types, DataTypes.NOTHING, Nulls.HANDLE, nothing);
      }
    }
    ScalarFunction.Binding bound =
        bind(
            function,
            arguments.stream()
                .map(a -> new Argument(a.plain(), a.constant(), a.isConstant()))
                .toList());
    boolean nullable = types.stream().anyMatch(DataType::isNullable);
    DataType type = nullable ? DataTypes.nullable(bound.type()) : bound.type();
    return bound(function, types, type, Nulls.PROPAGATE, bound.kernel());
  }

  private static ScalarFunction.Binding bind(ScalarFunction function, List<Argument> arguments) {
    try {
      return bindAsGiven(function, arguments);
    } catch (VarveException e) {
      ScalarFunction.Binding labelled =
          LabelTexts.bind(texts -> bindAsGiven(function, texts), arguments, e.code());
      if (labelled != null) {
        return labelled;
      }
      ScalarFunction.Binding numbered =
          AddressNumbers.bind(numbers -> bindAsGiven(function, numbers), arguments, e.code());
      if (numbered == null) {
        throw e;
      }
      return numbered;
    }
  }

  /// Constants may name a type that there is none of: `toDecimal32(x, 10)`, `accurateCast(x, 'T')`.
  private static ScalarFunction.Binding bindAsGiven(
      ScalarFunction function, List<Argument> arguments) {
    try {
      return function.binder().bind(arguments);
    } catch (UnknownTypeException e) {
      throw new VarveException(ErrorCode.UNKNOWN_TYPE, function.name() + ": " + e.getMessage());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, function.name() + ": " + e.getMessage());
    }
  }

  private static BoundFunction bound(
      ScalarFunction function, List<DataType> types, DataType type, Nulls nulls, Kernel kernel) {
    return new BoundFunction(function.name(), types, type, nulls, function.stability(), kernel);
  }

  private VarveException unknown(String name) {
    List<String> known = list.stream().map(FunctionInfo::name).toList();
    return new VarveException(
        ErrorCode.UNKNOWN_FUNCTION,
        "no function \"" + name + "\"" + NearNames.suggest(name, known));
  }

  /// Types of the parameters of the lambda that is this function's first argument, or empty where
  /// the function takes none.
  ///
  /// @param others types of the arguments after the lambda
  public Optional<List<DataType>> lambdaParameters(String name, List<DataType> others) {
    ScalarFunction function = find(scalars, name);
    return function == null
        ? Optional.empty()
        : function.lambda().map(parameters -> parameters.apply(others));
  }

  /// The cast of SQL: fails with CANNOT_CONVERT_TYPE or CANNOT_PARSE_INPUT where a value does not
  /// fit. NULL stays NULL where the target is nullable and fails where it is not.
  public BoundFunction cast(DataType from, DataType to) {
    return Casting.bind(from, to);
  }

  /// The type that holds the values of all: for CASE, UNION, comparison, IN, arrays.
  ///
  /// @throws VarveException TYPE_MISMATCH where there is none
  public DataType commonType(List<DataType> types) {
    return CommonTypes.of(types);
  }

  /// An aggregate for these argument types, combinators (`sumIf`, `uniqState`) included. A trailing
  /// `-If` takes the condition as the last argument.
  ///
  /// @throws VarveException UNKNOWN_FUNCTION, ILLEGAL_TYPE_OF_ARGUMENT or
  ///   NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  public BoundAggregate aggregate(String name, List<?> parameters, List<DataType> types) {
    AggregateFunction function = find(aggregates, name);
    if (function != null) {
      return Combinators.bind(function, List.copyOf(parameters), types);
    }
    return Combinators.combined(this, name, List.copyOf(parameters), types)
        .orElseThrow(() -> unknown(name));
  }

  /// The aggregate whose result is NULL for a group without a row that counts: what the standard
  /// asks of `sum` and `max` over no rows.
  public BoundAggregate orNull(BoundAggregate aggregate) {
    return Combinators.orNull(aggregate);
  }
}
