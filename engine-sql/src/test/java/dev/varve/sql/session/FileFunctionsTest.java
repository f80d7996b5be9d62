// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.varve.sql.catalog.UserFiles;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files in FROM, INTO OUTFILE and FROM INFILE.
final class FileFunctionsTest {
  @TempDir Path directory;
  private Path files;
  private EngineFixture engine;
  private Session session;

  @BeforeEach
  void open() throws IOException {
    files = Files.createDirectories(directory.resolve("user_files"));
    engine = new EngineFixture(directory.resolve("data"));
    engine.sql.plug(UserFiles.inside(files));
    session = engine.session();
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
  }

  private List<String> run(String sql) {
    return EngineFixture.lines(session.execute(Request.of(sql)));
  }

  private ErrorCode refused(String sql) {
    return catchThrowableOfType(VarveException.class, () -> run(sql)).code();
  }

  @Test
  void columnarFilesTellTheirOwnColumns() {
    for (String ending : List.of("parquet", "arrow", "arrows", "native")) {
      run(
          "SELECT toUInt32(number) AS n, concat('t', toString(number)) AS t FROM numbers(3)"
              + " INTO OUTFILE 'made."
              + ending
              + "'");
      assertThat(run("SELECT n, t FROM file('made." + ending + "') ORDER BY n"))
          .as(ending)
          .containsExactly("0\tt0", "1\tt1", "2\tt2");
    }
  }

  @Test
  void aHeaderOfCsvIsFoundByTheRowBelowIt() throws IOException {
    Files.writeString(files.resolve("a.csv"), "name,n,day,share\nx,1,2024-05-06,0.5\ny,,,7\n");
    assertThat(run("DESCRIBE file('a.csv')").stream().map(l -> l.split("\t")[0]))
        .containsExactly("name", "n", "day", "share");
    assertThat(run("DESCRIBE file('a.csv')").stream().map(l -> l.split("\t")[1]))
        .containsExactly(
            "Nullable(String)", "Nullable(Int64)", "Nullable(Date)", "Nullable(Float64)");
    assertThat(run("SELECT * FROM file('a.csv')"))
        .containsExactly("x\t1\t2024-05-06\t0.5", "y\t\\N\t\\N\t7");
  }

  @Test
  void rowsWithoutAHeaderHaveNumberedColumns() throws IOException {
    Files.writeString(files.resolve("b.csv"), "\"1\",2\n\"a,\"\"b\"\"\",3\n");
    assertThat(run("SELECT c1, c2 + 1 FROM file('b.csv')")).containsExactly("1\t3", "a,\"b\"\t4");
    Files.writeString(files.resolve("c.tsv"), "a\t1\nb\t2\n");
    assertThat(run("SELECT c1, sum(c2) OVER () FROM file('c.tsv')"))
        .containsExactly("a\t3", "b\t3");
  }

  @Test
  void columnsOfJsonAreThoseOfAllRows() throws IOException {
    Files.writeString(
        files.resolve("d.jsonl"),
        "{\"a\": 1, \"b\": [1, 2]}\n{\"a\": 2.5, \"c\": {\"x\": true}, \"b\": []}\n");
    assertThat(run("SELECT a, b, c.x FROM file('d.jsonl')"))
        .containsExactly("1\t[1,2]\t\\N", "2.5\t[]\ttrue");
  }

  @Test
  void whatAQueryWritesItReadsAgainWhateverTheCoding() {
    for (String ending : List.of("csv", "csv.gz", "tsv.zst", "jsonl.lz4")) {
      String format =
          ending.startsWith("jsonl") ? "" : "FORMAT " + ending.substring(0, 3) + "WithNames";
      run(
          "SELECT number AS a, toString(number) || 'x' AS b FROM numbers(3) INTO OUTFILE 'o."
              + ending
              + "' "
              + format);
      assertThat(run("SELECT a, b FROM file('o." + ending + "') ORDER BY a"))
          .as(ending)
          .containsExactly("0\t0x", "1\t1x", "2\t2x");
    }
  }

  @Test
  void patternsNameSeveralFiles() {
    for (int i = 1; i <= 3; i++) {
      run("SELECT " + i + " AS n INTO OUTFILE 'p/q" + i + "/r.csv'");
    }
    assertThat(run("SELECT sum(n) FROM file('p/q{1..2}/*.csv', CSV, 'n UInt8')"))
        .containsExactly("3");
    assertThat(run("SELECT sum(c1) FROM read_csv('p/**/r.csv')")).containsExactly("6");
    assertThat(run("SELECT sum(c1) FROM file('p/q{1,3}/r.csv')")).containsExactly("4");
  }

  @Test
  void filesAreInsertedWholeOrNotAtAll() throws IOException {
    run("CREATE TABLE t (a UInt8, b String DEFAULT 'd') ORDER BY a");
    Files.writeString(files.resolve("e1.csv"), "1\n2\n");
    Files.writeString(files.resolve("e2.csv"), "3\nno\n");
    assertThat(refused("INSERT INTO t (a) FROM INFILE 'e*.csv' FORMAT CSV"))
        .isEqualTo(ErrorCode.CANNOT_PARSE_INPUT);
    assertThat(run("SELECT count() FROM t")).containsExactly("0");
    run("INSERT INTO t (a) FROM INFILE 'e1.csv'");
    assertThat(run("SELECT * FROM t ORDER BY a")).containsExactly("1\td", "2\td");
  }

  @Test
  void aFileThatIsThereIsKeptUnlessItIsSaid() {
    run("SELECT 1 INTO OUTFILE 'f.csv'");
    assertThat(refused("SELECT 2 INTO OUTFILE 'f.csv'")).isEqualTo(ErrorCode.FILE_ALREADY_EXISTS);
    run("SELECT 2 INTO OUTFILE 'f.csv' APPEND");
    assertThat(run("SELECT * FROM file('f.csv')")).containsExactly("1", "2");
    run("SELECT 3 INTO OUTFILE 'f.csv' TRUNCATE");
    assertThat(run("SELECT * FROM file('f.csv')")).containsExactly("3");
  }

  @Test
  void nothingOutsideOfTheFolderIsReadOrWritten() throws IOException {
    Files.writeString(directory.resolve("secret.csv"), "1\n");
    Files.createSymbolicLink(files.resolve("link.csv"), directory.resolve("secret.csv"));
    for (String path :
        List.of(
            "../secret.csv",
            "x/../../secret.csv",
            directory.resolve("secret.csv").toString(),
            "link.csv",
            "../*.csv",
            "l*.csv")) {
      assertThat(refused("SELECT * FROM file('" + path + "')"))
          .as(path)
          .isEqualTo(ErrorCode.PATH_ACCESS_DENIED);
    }
    assertThat(refused("SELECT 1 INTO OUTFILE '../new.csv'"))
        .isEqualTo(ErrorCode.PATH_ACCESS_DENIED);
    assertThat(refused("SELECT 1 INTO OUTFILE 'link.csv' TRUNCATE"))
        .isEqualTo(ErrorCode.PATH_ACCESS_DENIED);
    run("CREATE TABLE t (a UInt8) ORDER BY a");
    assertThat(refused("INSERT INTO t FROM INFILE '../secret.csv'"))
        .isEqualTo(ErrorCode.PATH_ACCESS_DENIED);
    assertThat(directory.resolve("new.csv")).doesNotExist();
  }

  @Test
  void whatIsNotThereOrNotToldIsSaid() throws IOException {
    assertThat(refused("SELECT * FROM file('none.csv')")).isEqualTo(ErrorCode.FILE_DOESNT_EXIST);
    Files.writeString(files.resolve("g.dat"), "1\n");
    assertThat(refused("SELECT * FROM file('g.dat')")).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    assertThat(run("SELECT * FROM file('g.dat', CSV)")).containsExactly("1");
    assertThat(refused("SELECT * FROM file('g.dat', Nonsense, 'a UInt8')"))
        .isEqualTo(ErrorCode.UNKNOWN_FORMAT);
  }

  @Test
  void aFileThatChangedIsReadAnew() throws IOException {
    Files.writeString(files.resolve("h.csv"), "1\n");
    assertThat(run("SELECT * FROM file('h.csv')")).containsExactly("1");
    Files.writeString(files.resolve("h.csv"), "a,b\n1,2\n");
    assertThat(run("SELECT * FROM file('h.csv')")).containsExactly("1\t2");
  }

  @Test
  void functionsOfUsersAreThereAfterARestart() {
    run("CREATE FUNCTION thrice AS x -> x * 3");
    session.close();
    engine.close();
    engine = new EngineFixture(directory.resolve("data"));
    session = engine.session();
    assertThat(run("SELECT thrice(2)")).containsExactly("6");
  }
}
