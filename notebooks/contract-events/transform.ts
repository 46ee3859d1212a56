import { col, functions as F, lit } from "sluice/sql";
import type { Column, DataFrame } from "sluice/sql";

/** The three tables of one load date, typed as in schema.ts. */
export interface LoadTables {
  readonly accounts: DataFrame;
  readonly parties: DataFrame;
  readonly partyAddress: DataFrame;
}

/** What is the same in every event of a run. */
export interface RunFacts {
  /** The day of the load, `yyyy-MM-dd`. */
  readonly loadDate: string;
  /** The time of the run as it is printed, `yyyy-MM-dd'T'HH:mm:ssZ`. */
  readonly eventDateTime: string;
}

const EVENT_TYPE = "SBDL-Contract";
/** The namespace of the derived event ids: a random UUID, made once for this event type's producer. */
const NAMESPACE = "8d3c1f0a-52b7-4e0e-9a64-1c5f7be0d2a9";

/**
 * Builds the events: one row per active account, with the columns `key` (the account id) and `value` (the event as JSON).
 *
 * Uses Spark's own functions only, so the same code runs on a Spark cluster. The parties of an account are in order of
 * their ids, so that one load always gives the same text.
 */
export function buildEvents(tables: LoadTables, run: RunFacts): DataFrame {
  const active = tables.accounts.filter(col("active_ind").eq(1));
  return active
    .join(partyRelations(tables), "account_id", "left")
    .select(col("account_id").alias("key"), F.to_json(event(run)).alias("value"));
}

/** One row per account that has parties: its id and the array of its relations. */
function partyRelations({ parties, partyAddress }: LoadTables): DataFrame {
  const addresses = partyAddress.select(
    col("party_id").alias("address_party_id"),
    F.struct(
      col("address_line_1").alias("addressLine1"),
      col("address_line_2").alias("addressLine2"),
      col("city").alias("addressCity"),
      col("postal_code").alias("addressPostalCode"),
      col("country_of_address").alias("addressCountry"),
      col("address_start_date").alias("addressStartDate"),
    ).alias("address"),
  );
  const relation = F.struct(
    leaf(col("party_id")).alias("partyIdentifier"),
    leaf(col("relation_type")).alias("partyRelationshipType"),
    leaf(col("relation_start_date")).alias("partyRelationStartDateTime"),
    // Without otherwise() the leaf is null, and so absent, where the party has no address.
    F.when(col("address_party_id").isNotNull(), leaf(col("address"))).alias("partyAddress"),
  );
  return parties
    .join(addresses, col("party_id").eq(col("address_party_id")), "left")
    .groupBy("account_id")
    .agg(F.sort_array(F.collect_list(relation)).alias("partyRelations"));
}

function event({ loadDate, eventDateTime }: RunFacts): Column {
  return F.struct(
    F.struct(
      nameBasedUuid(F.concat(lit(`${EVENT_TYPE}|`), col("account_id"), lit(`|${loadDate}`))).alias("eventIdentifier"),
      lit(EVENT_TYPE).alias("eventType"),
      lit(1).alias("majorSchemaVersion"),
      lit(0).alias("minorSchemaVersion"),
      lit(eventDateTime).alias("eventDateTime"),
    ).alias("eventHeader"),
    F.array(F.struct(lit("contractIdentifier").alias("keyField"), col("account_id").alias("keyValue"))).alias("keys"),
    F.struct(
      leaf(col("account_id")).alias("contractIdentifier"),
      leaf(col("source_sys")).alias("sourceSystemIdentifier"),
      // The name is spelt so in the wild: consumers depend on it.
      leaf(col("account_start_date")).alias("contactStartDateTime"),
      leaf(titles()).alias("contractTitle"),
      leaf(F.struct(col("tax_id_type").alias("taxIdType"), col("tax_id").alias("taxId"))).alias("taxIdentifier"),
      leaf(col("branch_code")).alias("contractBranchCode"),
      leaf(col("country")).alias("contractCountry"),
      col("partyRelations"),
    ).alias("payload"),
  );
}

/** A value as the consumers expect it: inserted, with no old value. */
function leaf(newValue: Column): Column {
  return F.struct(lit("INSERT").alias("operation"), newValue.alias("newValue"));
}

/** The account's titles, without those that are null. */
function titles(): Column {
  const line = (type: string, title: Column): Column =>
    F.struct(lit(type).alias("contractTitleLineType"), title.alias("contractTitleLine"));
  const first = col("legal_title_1");
  const second = col("legal_title_2");
  return F.array_compact(
    F.array(
      F.when(first.isNotNull(), line("lgl_ttl_ln_1", first)),
      F.when(second.isNotNull(), line("lgl_ttl_ln_2", second)),
    ),
  );
}

/**
 * A name-based UUID (version 5): the SHA-1 of namespace and name, with version and variant set.
 *
 * So the same load gives the same event ids in every run, and consumers can drop repeats.
 */
function nameBasedUuid(name: Column): Column {
  const hash = F.sha1(F.concat(F.unhex(lit(NAMESPACE.replaceAll("-", ""))), F.encode(name, "UTF-8")));
  const part = (start: number, length: number): Column => F.substring(hash, start, length);
  return F.concat(
    part(1, 8),
    lit("-"),
    part(9, 4),
    lit("-5"),
    part(14, 3),
    lit("-"),
    F.translate(part(17, 1), "0123456789abcdef", "89ab89ab89ab89ab"),
    part(18, 3),
    lit("-"),
    part(21, 12),
  );
}
