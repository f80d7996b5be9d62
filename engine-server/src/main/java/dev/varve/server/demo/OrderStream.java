// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.Order;
import io.trino.tpch.OrderGenerator;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;

/// TPC-H's orders and lines as a stream that changes: each order is placed with its lines, lives
/// through its states, and one in twelve is cancelled, which takes its lines back. One thread; the
/// same seed gives the same stream.
final class OrderStream {
  /// Orders on their way at any time.
  private static final int IN_FLIGHT = 20_000;

  private static final int CANCELLED_OF = 12;
  private static final int CORRECTED_OF = 8;

  /// Where records go.
  interface Sink {
    void send(String topic, String key, String json);
  }

  private static final class Live {
    private final Order order;
    private final List<LineItem> lines;
    private Status status = Status.PLACED;
    private int version = 1;

    Live(Order order, List<LineItem> lines) {
      this.order = order;
      this.lines = lines;
    }
  }

  private final Iterator<Order> orders;
  private final Iterator<LineItem> lines;
  private final RandomGenerator random;
  private final Truth truth;
  private final Sink sink;
  private final Deque<Live> inFlight = new ArrayDeque<>();
  private LineItem nextLine;
  private long records;

  OrderStream(double scale, RandomGenerator random, Truth truth, Sink sink) {
    this.orders = new OrderGenerator(scale, 1, 1).iterator();
    this.lines = new LineItemGenerator(scale, 1, 1).iterator();
    this.random = random;
    this.truth = truth;
    this.sink = sink;
    this.nextLine = lines.next();
  }

  long records() {
    return records;
  }

  /// Sends the next few records. False at the end, when every order has come to its end.
  boolean step() {
    if (orders.hasNext()) {
      place(orders.next());
    }
    // Two steps of older orders for each new one keep the number in flight level.
    int advances = orders.hasNext() && inFlight.size() < IN_FLIGHT ? 1 : 3;
    for (int i = 0; i < advances && !inFlight.isEmpty(); i++) {
      Live oldest = inFlight.poll();
      advance(oldest);
      if (!oldest.status.isFinal()) {
        inFlight.add(oldest);
      }
    }
    return orders.hasNext() || !inFlight.isEmpty();
  }

  private void place(Order order) {
    List<LineItem> own = new ArrayList<>();
    while (nextLine != null && nextLine.orderKey() == order.orderKey()) {
      own.add(nextLine);
      nextLine = lines.hasNext() ? lines.next() : null;
    }
    Live live = new Live(order, own);
    own.forEach(line -> line(line, 1, line.quantity()));
    order(live, null);
    revenue(live, 1);
    inFlight.add(live);
  }

  private void advance(Live live) {
    Status before = live.status;
    if (random.nextInt(CANCELLED_OF * 3) == 0) {
      live.status = Status.CANCELLED;
      live.lines.forEach(line -> line(line, -1, line.quantity()));
      revenue(live, -1);
    } else {
      live.status = Status.values()[before.ordinal() + 1];
      if (live.status == Status.PAID && random.nextInt(CORRECTED_OF) == 0) {
        // A clerk corrects a line: the old row is taken back and the new one put in its place.
        LineItem first = live.lines.getFirst();
        line(first, -1, first.quantity());
        line(first, 1, first.quantity());
      }
    }
    live.version++;
    order(live, before);
  }

  private void order(Live live, Status before) {
    Order order = live.order;
    truth.orderIsNow(before, live.status, order.totalPriceInCents());
    send(
        "orders",
        Long.toString(order.orderKey()),
        "{\"id\":"
            + order.orderKey()
            + ",\"version\":"
            + live.version
            + ",\"customer\":"
            + order.customerKey()
            + ",\"status\":\""
            + live.status.label()
            + "\",\"cents\":"
            + order.totalPriceInCents()
            + ",\"day\":\""
            + day(order)
            + "\",\"priority\":\""
            + order.orderPriority()
            + "\"}");
  }

  private void line(LineItem line, int sign, long quantity) {
    truth.line(sign, quantity, line.extendedPriceInCents());
    send(
        "lineitem",
        Long.toString(line.orderKey()),
        "{\"order_id\":"
            + line.orderKey()
            + ",\"line\":"
            + line.lineNumber()
            + ",\"part\":"
            + line.partKey()
            + ",\"quantity\":"
            + quantity
            + ",\"cents\":"
            + line.extendedPriceInCents()
            + ",\"ship_mode\":\""
            + line.shipMode()
            + "\",\"sign\":"
            + sign
            + "}");
  }

  private void revenue(Live live, int sign) {
    Order order = live.order;
    String day = day(order);
    long cents = sign * order.totalPriceInCents();
    truth.revenue(day, order.orderPriority(), sign, cents);
    send(
        "revenue",
        day,
        "{\"day\":\""
            + day
            + "\",\"priority\":\""
            + order.orderPriority()
            + "\",\"orders\":"
            + sign
            + ",\"cents\":"
            + cents
            + "}");
  }

  private void send(String topic, String key, String json) {
    records++;
    sink.send(topic, key, json);
  }

  private static String day(Order order) {
    return LocalDate.ofEpochDay(order.orderDate()).toString();
  }
}
