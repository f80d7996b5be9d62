// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.schema.PartLens;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.KeptParts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.roaringbitmap.RoaringBitmap;

/// Takes parts out of a table and back in, and copies them between tables. Each is one commit.
///
/// Rows that come in count as inserted now, whatever order they had before among themselves they
/// keep.
public final class TableKept {
  private final MergeTable table;
  private final EngineContext context;
  private final TableParts parts;

  TableKept(MergeTable table, EngineContext context, TableParts parts) {
    this.table = table;
    this.context = context;
    this.parts = parts;
  }

  private KeptParts files() {
    return context.files().kept();
  }

  /// Parts of the table that were detached, oldest first.
  public List<KeptParts.Kept> detached() {
    return files().detached(context.catalog().state().tables().get(table.id()));
  }

  /// Takes parts out of the table; their files are kept. Returns how many.
  public int detach(Predicate<PartInfo> wanted) {
    List<HeldPart> chosen = new ArrayList<>();
    Path directory = files().detached(table.id());
    try {
      table.change(all -> {
        all.stream().filter(part -> wanted.test(part.part().info())).forEach(chosen::add);
        chosen.forEach(part -> files().keep(part, directory));
        PartExchange exchange = new PartExchange(context, table.id());
        chosen.forEach(exchange::remove);
        return exchange;
      });
    } catch (RuntimeException | Error failed) {
      // What the catalog did not take out stays a part of the table.
      for (HeldPart part : chosen) {
        if (isActive(part.id())) {
          forget(directory.resolve(part.part().info().name()), failed);
        }
      }
      throw failed;
    }
    return chosen.size();
  }

  private boolean isActive(long part) {
    return context.catalog().state().tables().get(table.id()).parts().containsKey(part);
  }

  private void forget(Path kept, Throwable failed) {
    try {
      files().delete(kept);
    } catch (VarveException refused) {
      failed.addSuppressed(refused); // the next start removes it
    }
  }

  /// Puts detached parts into the table again. Returns how many.
  ///
  /// @throws VarveException what is damaged, or does not fit the table's columns
  public int attach(Predicate<PartInfo> wanted) {
    List<KeptParts.Kept> chosen = new ArrayList<>();
    table.change(_ -> {
      detached().stream().filter(part -> wanted.test(part.info())).forEach(chosen::add);
      return chosen.isEmpty() ? null : attached(chosen);
    });
    chosen.forEach(part -> files().delete(part.directory()));
    return chosen.size();
  }

  private PartExchange attached(List<KeptParts.Kept> chosen) {
    return brought(
        chosen.stream()
            .map(kept ->
                new Brought(
                    kept.directory(), KeptParts.deletedRows(kept), List.of(kept.info().id())))
            .toList());
  }

  /// A part's directory from elsewhere.
  ///
  /// @param deleted its deleted rows, or null
  /// @param parents parts of this table that are gone with it
  public record Brought(Path directory, RoaringBitmap deleted, List<Long> parents) {}

  /// Puts parts of another data directory into this table, and with them what that one's catalog
  /// remembered of its inserts: all in one commit.
  ///
  /// @throws VarveException what is damaged, or does not fit the table's columns
  public void adopt(List<Brought> brought, CatalogTable remembered) {
    table.change(_ -> {
      PartExchange exchange = brought(brought);
      remembered
          .tokens()
          .forEach(token -> exchange.also(new Operation.PutToken(table.id(), token)));
      JournaledRows.marksOfOthers(remembered)
          .forEach((name, at) -> exchange.also(new Operation.PutMark(table.id(), name, at)));
      return exchange;
    });
  }

  private PartExchange brought(List<Brought> chosen) {
    PartLens lens =
        new PartLens(
            table.definition(),
            table.shape().layout(),
            context.compiler().get(),
            context.allocator());
    List<DiskPart> opened = new ArrayList<>();
    try {
      List<PartAdoption.Source> sources = new ArrayList<>();
      for (Brought one : chosen) {
        DiskPart part = DiskPart.open(one.directory());
        opened.add(part);
        sources.add(new PartAdoption.Source(lens.seen(part), one.deleted(), one.parents()));
      }
      return new PartAdoption(table, context).of(sources);
    } finally {
      opened.forEach(DiskPart::close);
    }
  }

  /// Deletes detached parts. Returns how many.
  public int dropDetached(Predicate<PartInfo> wanted) {
    List<KeptParts.Kept> chosen =
        detached().stream().filter(part -> wanted.test(part.info())).toList();
    chosen.forEach(part -> files().delete(part.directory()));
    return chosen.size();
  }

  /// Copies parts of another table into this one.
  ///
  /// @param replaces whether the parts of this table that are wanted go
  /// @throws VarveException BAD_ARGUMENTS if the tables do not have the same structure
  public void copyFrom(MergeTable from, Predicate<PartInfo> wanted, boolean replaces) {
    PartAdoption.checkSame(from, table);
    inOrder(
        from,
        (theirs, ours) -> {
          List<HeldPart> chosen = wanted(theirs, wanted);
          PartExchange exchange = adopted(chosen);
          if (replaces) {
            wanted(ours, wanted).forEach(exchange::remove);
          }
          return exchange;
        });
  }

  /// Moves parts of this table into another.
  ///
  /// @throws VarveException BAD_ARGUMENTS if the tables do not have the same structure
  public void moveTo(MergeTable to, Predicate<PartInfo> wanted) {
    PartAdoption.checkSame(table, to);
    List<HeldPart> moved = new ArrayList<>();
    to.kept()
        .inOrder(
            table,
            (ours, _) -> {
              moved.addAll(wanted(ours, wanted));
              PartExchange exchange = to.kept().adopted(moved);
              moved.forEach(part -> exchange.also(new Operation.RemovePart(table.id(), part.id())));
              return exchange;
            },
            () -> parts.swap(moved, List.of()));
  }

  private static List<HeldPart> wanted(List<HeldPart> all, Predicate<PartInfo> wanted) {
    return all.stream().filter(part -> wanted.test(part.part().info())).toList();
  }

  private PartExchange adopted(List<HeldPart> chosen) {
    List<PartAdoption.Source> sources =
        chosen.stream()
            .map(part -> new PartAdoption.Source(part.part(), part.deleted(), List.of()))
            .toList();
    return new PartAdoption(table, context).of(sources);
  }

  /// What changes this table by the parts of another.
  private interface Exchange {
    PartExchange of(List<HeldPart> theirs, List<HeldPart> ours);
  }

  private void inOrder(MergeTable from, Exchange exchange) {
    inOrder(from, exchange, () -> {});
  }

  /// Reserves the parts of both tables, that of the lower number first: two such changes never wait
  /// in a circle.
  ///
  /// @param then when it is committed, with the parts still reserved
  private void inOrder(MergeTable from, Exchange exchange, Runnable then) {
    MergeTable first = from.id() < table.id() ? from : table;
    MergeTable second = first == from ? table : from;
    first.change(one -> {
      second.change(two -> {
        List<HeldPart> theirs = first == from ? one : two;
        List<HeldPart> ours = first == from ? two : one;
        PartExchange made = exchange.of(theirs, ours);
        if (!made.isEmpty()) {
          table.exchange(made);
          then.run();
        }
        return null;
      });
      return null;
    });
  }

  /// Keeps a copy of parts under `shadow/<name>`; they stay in the table.
  ///
  /// @param name empty for the next number
  /// @return the name
  public String freeze(String name, Predicate<PartInfo> wanted) {
    String shadow = name.isEmpty() ? files().nextName() : PartAdoption.fileName(name);
    Path directory = files().frozen(shadow, table.id());
    table.change(all -> {
      wanted(all, wanted).forEach(part -> files().keep(part, directory));
      return null;
    });
    return shadow;
  }

  /// Deletes copies that [#freeze] made. Returns how many.
  public int unfreeze(String name, Predicate<PartInfo> wanted) {
    Path directory = files().frozen(PartAdoption.fileName(name), table.id());
    List<KeptParts.Kept> chosen =
        files().in(directory).stream().filter(part -> wanted.test(part.info())).toList();
    chosen.forEach(part -> files().delete(part.directory()));
    if (files().in(directory).isEmpty()) {
      files().deleteAll(directory);
    }
    return chosen.size();
  }
}
