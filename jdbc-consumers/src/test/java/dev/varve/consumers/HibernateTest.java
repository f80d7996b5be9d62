// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.SQLGrammarException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Hibernate with its H2 dialect: it makes the tables, writes and reads entities.
final class HibernateTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  private static SessionFactory sessions;

  /// Who reads.
  @Entity(name = "Reader")
  @Table(name = "reader")
  public static class Reader {
    @Id Long id;
    String name;
    LocalDate born;
  }

  /// What is read.
  @Entity(name = "Loan")
  @Table(name = "loan")
  public static class Loan {
    @Id Long id;
    @ManyToOne Reader reader;
    String title;
    LocalDateTime taken;
    boolean returned;

    @Column(precision = 9, scale = 2)
    BigDecimal fee;
  }

  private static Configuration configuration() {
    return new Configuration()
        .addAnnotatedClass(Reader.class)
        .addAnnotatedClass(Loan.class)
        .setProperty("hibernate.connection.url", VARVE.nullableUrl())
        .setProperty("hibernate.connection.driver_class", "dev.varve.jdbc.VarveDriver")
        .setProperty("hibernate.dialect", "org.hibernate.dialect.H2Dialect")
        .setProperty("hibernate.hbm2ddl.auto", "create")
        .setProperty("hibernate.jdbc.batch_size", "20");
  }

  @BeforeAll
  static void openSessions() {
    sessions = configuration().buildSessionFactory();
  }

  @AfterAll
  static void closeSessions() {
    sessions.close();
  }

  private static Reader reader(long id, String name) {
    Reader reader = new Reader();
    reader.id = id;
    reader.name = name;
    reader.born = LocalDate.of(1990, 5, 17);
    return reader;
  }

  private static Loan loan(long id, Reader reader, String title, String fee) {
    Loan loan = new Loan();
    loan.id = id;
    loan.reader = reader;
    loan.title = title;
    loan.taken = LocalDateTime.parse("2026-03-29T02:30:00.123456");
    loan.fee = new BigDecimal(fee);
    return loan;
  }

  @Test
  void entitiesArePersistedQueriedChangedAndRemoved() throws SQLException {
    try (Session session = sessions.openSession()) {
      Transaction transaction = session.beginTransaction();
      Reader ada = reader(1, "Ada");
      session.persist(ada);
      session.persist(reader(2, "Bob"));
      session.persist(loan(1, ada, "Emma", "1.50"));
      session.persist(loan(2, ada, "Ulysses", "2.25"));
      transaction.commit();
    }
    try (Session session = sessions.openSession()) {
      Loan emma = session.find(Loan.class, 1L);
      assertThat(emma.title).isEqualTo("Emma");
      assertThat(emma.reader.name).isEqualTo("Ada");
      assertThat(emma.taken).isEqualTo(LocalDateTime.parse("2026-03-29T02:30:00.123456"));
      assertThat(emma.returned).isFalse();
      Object[] row =
          session
              .createSelectionQuery(
                  "select l.reader.name, count(l), sum(l.fee) from Loan l where l.fee > :least"
                      + " group by l.reader.name order by 1",
                  Object[].class)
              .setParameter("least", BigDecimal.ONE)
              .setMaxResults(5)
              .getSingleResult();
      assertThat(row).containsExactly("Ada", 2L, new BigDecimal("3.75"));
      assertThat(
              session
                  .createSelectionQuery(
                      "from Reader r left join Loan l on l.reader = r" + " where l.id is null",
                      Reader.class)
                  .getResultList())
          .extracting(found -> found.name)
          .containsExactly("Bob");
    }
    try (Session session = sessions.openSession()) {
      Transaction transaction = session.beginTransaction();
      session.find(Loan.class, 1L).returned = true;
      session.remove(session.find(Loan.class, 2L));
      transaction.commit();
    }
    assertThat(VARVE.rows("SELECT id, returned FROM loan")).containsExactly("1|true");
  }

  @Test
  void aRollbackAndAFailedStatementLeaveNothingBehind() throws SQLException {
    try (Session session = sessions.openSession()) {
      Transaction transaction = session.beginTransaction();
      session.persist(reader(10, "Cy"));
      session.flush();
      assertThatThrownBy(() ->
              session.createNativeQuery("SELECT * FROM nowhere", Object[].class).getResultList())
          .isInstanceOf(SQLGrammarException.class);
      transaction.rollback();
    }
    assertThat(VARVE.rows("SELECT count(*) FROM reader WHERE id = 10")).containsExactly("0");
  }
}
