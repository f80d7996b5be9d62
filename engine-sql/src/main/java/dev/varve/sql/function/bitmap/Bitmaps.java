// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.bitmap;

import dev.varve.merge.aggregate.IntegerSet;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/// Sets of integers as values: `bitmapBuild` makes one of an array, `groupBitmapState` one of a
/// column; the others ask or combine them.
public final class Bitmaps {
  private Bitmaps() {}

  /// What two sets have together.
  @FunctionalInterface
  private interface Combination {
    void apply(TreeSet<Long> own, TreeSet<Long> other);
  }

  /// What is asked of a set and its other arguments.
  @FunctionalInterface
  private interface Question {
    long ask(IntegerSet set, List<Vector> arguments, int row);
  }

  /// What is done to a set by its other arguments, in place.
  @FunctionalInterface
  private interface Change {
    void apply(TreeSet<Long> set, List<Vector> arguments, int row);
  }

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
            "bitmapBuild", "bitmapBuild(array)", "The set of an array's integers.", Bitmaps::build),
        ScalarFunction.of(
            "bitmapToArray", "bitmapToArray(set)", "The members in their order.", Bitmaps::members),
        question(
            "bitmapCardinality(set)",
            "How many members it has.",
            1,
            DataTypes.UINT64,
            (set, _, _) -> set.members().size()),
        question(
            "bitmapMin(set)",
            "The least member.",
            1,
            DataTypes.UINT64,
            (set, _, _) -> set.members().isEmpty() ? none(set) : set.members().first()),
        question(
            "bitmapMax(set)",
            "The greatest member.",
            1,
            DataTypes.UINT64,
            (set, _, _) -> set.members().isEmpty() ? 0 : set.members().last()),
        question(
            "bitmapContains(set, n)",
            "Whether n is a member.",
            2,
            DataTypes.UINT8,
            (set, v, row) -> set.members().contains(v.get(1).getLong(row)) ? 1 : 0),
        ofTwo("bitmapAnd", "bitmapAndCardinality", "Members of both.", (a, b) -> a.retainAll(b)),
        ofTwo("bitmapOr", "bitmapOrCardinality", "Members of either.", (a, b) -> a.addAll(b)),
        ofTwo("bitmapXor", "bitmapXorCardinality", "Members of one alone.", Bitmaps::differing),
        ofTwo(
            "bitmapAndnot",
            "bitmapAndnotCardinality",
            "Members of the first alone.",
            (a, b) -> a.removeAll(b)),
        sizeOfTwo("bitmapAndCardinality", (a, b) -> a.retainAll(b)),
        sizeOfTwo("bitmapOrCardinality", (a, b) -> a.addAll(b)),
        sizeOfTwo("bitmapXorCardinality", Bitmaps::differing),
        sizeOfTwo("bitmapAndnotCardinality", (a, b) -> a.removeAll(b)),
        comparison(
            "bitmapHasAny",
            "Whether the sets have a member in common.",
            (a, b) -> a.stream().anyMatch(b::contains)),
        comparison(
            "bitmapHasAll",
            "Whether the first has all members of the second.",
            (a, b) -> a.containsAll(b)),
        change(
            "bitmapSubsetInRange(set, from, to)",
            "Members from one number up to another.",
            3,
            Bitmaps::inRange),
        change(
            "bitmapSubsetLimit(set, from, most)",
            "The first members from a number on.",
            3,
            Bitmaps::limited),
        change("subBitmap(set, offset, most)", "Members from a place on.", 3, Bitmaps::slice),
        ScalarFunction.of(
            "bitmapTransform",
            "bitmapTransform(set, from, to)",
            "The set with members of one array replaced by those of another.",
            Bitmaps::transform));
  }

  // What the members' type has above all others.
  private static long none(IntegerSet set) {
    return set.type().width() == 8 ? -1 : 0xFFFFFFFFL;
  }

  private static void differing(TreeSet<Long> own, TreeSet<Long> other) {
    for (long member : other) {
      if (!own.remove(member)) {
        own.add(member);
      }
    }
  }

  private static DataType memberType(String name, List<Argument> args, int index) {
    DataType type = args.get(index).plain();
    return IntegerSet.membersOf(type)
        .orElseThrow(() ->
            Arguments.illegal(
                name, index, type, "a set that bitmapBuild or groupBitmapState made"));
  }

  private static IntegerSet set(String name, List<Vector> v, int index, int row, DataType type) {
    return IntegerSet.read(name, v.get(index).getSegment(row), type);
  }

  private static DataType stateOf(DataType member) {
    return new DataType.AggregateState("groupBitmap", List.of(), List.of(member));
  }

  private static Binding build(List<Argument> args) {
    Arguments.count("bitmapBuild", args, 1, 1);
    if (!(args.getFirst().plain() instanceof DataType.Array(DataType element))
        || !(element instanceof DataType.Int member)
        || member.bits() > 64) {
      throw Arguments.illegal(
          "bitmapBuild", 0, args.getFirst().type(), "an array of integers of up to 64 bits");
    }
    return RowBinding.of(
        stateOf(element),
        (v, row, to) -> {
          IntegerSet set = new IntegerSet(element);
          Vector array = v.getFirst();
          for (int e = array.listFrom(row); e < array.listTo(row); e++) {
            set.members().add(array.elements().getLong(e));
          }
          to.appendBytes(set.serialize());
        });
  }

  private static Binding members(List<Argument> args) {
    Arguments.count("bitmapToArray", args, 1, 1);
    DataType member = memberType("bitmapToArray", args, 0);
    return RowBinding.of(
        DataTypes.array(member),
        (v, row, to) -> {
          for (long value : set("bitmapToArray", v, 0, row, member).members()) {
            to.child(0).appendLong(value);
          }
          to.endList();
        });
  }

  private static String nameOf(String signature) {
    return signature.substring(0, signature.indexOf('('));
  }

  private static void requireIntegers(String name, List<Argument> args) {
    for (int i = 1; i < args.size(); i++) {
      DataType type = args.get(i).plain();
      if (!(type instanceof DataType.Int number) || number.bits() > 64) {
        throw Arguments.illegal(name, i, args.get(i).type(), "an integer of up to 64 bits");
      }
    }
  }

  private static ScalarFunction question(
      String signature, String doc, int arity, DataType type, Question question) {
    String name = nameOf(signature);
    return ScalarFunction.of(
        name,
        signature,
        doc,
        args -> {
          Arguments.count(name, args, arity, arity);
          DataType member = memberType(name, args, 0);
          requireIntegers(name, args);
          return RowBinding.of(
              type,
              (v, row, to) -> to.appendLong(question.ask(set(name, v, 0, row, member), v, row)));
        });
  }

  private static DataType sameMembers(String name, List<Argument> args) {
    Arguments.count(name, args, 2, 2);
    DataType first = memberType(name, args, 0);
    DataType second = memberType(name, args, 1);
    if (!first.equals(second)) {
      throw Arguments.illegal(name, 1, args.get(1).type(), args.get(0).type().name());
    }
    return first;
  }

  private static ScalarFunction ofTwo(
      String name, String counting, String doc, Combination combination) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        doc + " " + counting + " counts them.",
        args -> {
          DataType member = sameMembers(name, args);
          return RowBinding.of(
              stateOf(member),
              (v, row, to) -> {
                IntegerSet set = set(name, v, 0, row, member);
                combination.apply(set.members(), set(name, v, 1, row, member).members());
                to.appendBytes(set.serialize());
              });
        });
  }

  private static ScalarFunction sizeOfTwo(String name, Combination combination) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        "How many members " + name.replace("Cardinality", "") + " gives.",
        args -> {
          DataType member = sameMembers(name, args);
          return RowBinding.of(
              DataTypes.UINT64,
              (v, row, to) -> {
                TreeSet<Long> members = set(name, v, 0, row, member).members();
                combination.apply(members, set(name, v, 1, row, member).members());
                to.appendLong(members.size());
              });
        });
  }

  /// Whether two sets stand in some relation.
  @FunctionalInterface
  private interface Relation {
    boolean holds(TreeSet<Long> a, TreeSet<Long> b);
  }

  private static ScalarFunction comparison(String name, String doc, Relation relation) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        doc,
        args -> {
          DataType member = sameMembers(name, args);
          return RowBinding.of(
              DataTypes.UINT8,
              (v, row, to) -> {
                TreeSet<Long> a = set(name, v, 0, row, member).members();
                TreeSet<Long> b = set(name, v, 1, row, member).members();
                to.appendLong(relation.holds(a, b) ? 1 : 0);
              });
        });
  }

  private static ScalarFunction change(String signature, String doc, int arity, Change change) {
    String name = nameOf(signature);
    return ScalarFunction.of(
        name,
        signature,
        doc,
        args -> {
          Arguments.count(name, args, arity, arity);
          DataType member = memberType(name, args, 0);
          requireIntegers(name, args);
          return RowBinding.of(
              stateOf(member),
              (v, row, to) -> {
                IntegerSet set = set(name, v, 0, row, member);
                change.apply(set.members(), v, row);
                to.appendBytes(set.serialize());
              });
        });
  }

  private static void inRange(TreeSet<Long> set, List<Vector> v, int row) {
    long from = v.get(1).getLong(row);
    long to = v.get(2).getLong(row);
    set.removeIf(member -> member < from || member >= to);
  }

  private static void limited(TreeSet<Long> set, List<Vector> v, int row) {
    long from = v.get(1).getLong(row);
    long most = v.get(2).getLong(row);
    keep(set, member -> member >= from, 0, most);
  }

  private static void slice(TreeSet<Long> set, List<Vector> v, int row) {
    keep(set, _ -> true, v.get(1).getLong(row), v.get(2).getLong(row));
  }

  /// Leaves the members that pass, but for the first `skip`, and no more than `most`.
  private static void keep(TreeSet<Long> set, LongPredicate passes, long skip, long most) {
    long passed = 0;
    for (Iterator<Long> members = set.iterator(); members.hasNext(); ) {
      if (!passes.test(members.next())) {
        members.remove();
        continue;
      }
      if (passed < skip || passed - skip >= most) {
        members.remove();
      }
      passed++;
    }
  }

  private static Binding transform(List<Argument> args) {
    String name = "bitmapTransform";
    Arguments.count(name, args, 3, 3);
    DataType member = memberType(name, args, 0);
    for (int i = 1; i < 3; i++) {
      if (!(args.get(i).plain() instanceof DataType.Array(DataType element))
          || !(element instanceof DataType.Int number)
          || number.bits() > 64) {
        throw Arguments.illegal(name, i, args.get(i).type(), "an array of integers");
      }
    }
    return RowBinding.of(
        stateOf(member),
        (v, row, to) -> {
          IntegerSet set = set(name, v, 0, row, member);
          Map<Long, Long> replaced = replacements(v.get(1), v.get(2), row);
          TreeSet<Long> members = set.members();
          TreeSet<Long> added = new TreeSet<>();
          replaced.forEach((from, other) -> {
            if (members.remove(from)) {
              added.add(other);
            }
          });
          members.addAll(added);
          to.appendBytes(set.serialize());
        });
  }

  private static Map<Long, Long> replacements(Vector from, Vector to, int row) {
    int count = from.listTo(row) - from.listFrom(row);
    if (to.listTo(row) - to.listFrom(row) != count) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "bitmapTransform takes two arrays of one length");
    }
    Map<Long, Long> replaced = new TreeMap<>();
    for (int e = 0; e < count; e++) {
      replaced.put(
          from.elements().getLong(from.listFrom(row) + e),
          to.elements().getLong(to.listFrom(row) + e));
    }
    return replaced;
  }
}
