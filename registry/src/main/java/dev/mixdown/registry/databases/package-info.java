/** Relational databases: how one is named, opened and looked at. SQLite and PostgreSQL. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.databases;
