// SPDX-License-Identifier: Apache-2.0
/// What a user of the driver names: the driver and the data source. Everything else is `java.sql`.
package dev.varve.jdbc;
