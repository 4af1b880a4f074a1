import assert from "node:assert/strict";
import { test } from "node:test";
import { defineCollection } from "./store.ts";
import type { AnyCollection, Collection } from "./store.ts";

interface Animal {
  readonly name: string;
}
interface Dog extends Animal {
  readonly tricks: number;
}

test("a collection is a frozen description that makes changes", () => {
  const dogs = defineCollection<Dog>("dogs", { indexes: { tricks: ({ tricks }) => tricks } });
  const rex = { name: "Rex", tricks: 3 };

  assert.ok(Object.isFrozen(dogs) && Object.isFrozen(dogs.indexes));
  assert.deepEqual([dogs.name, Object.keys(dogs.indexes)], ["dogs", ["tricks"]]);
  assert.deepEqual(dogs.put("rex", rex), { collection: dogs, kind: "put", id: "rex", value: rex });
  assert.deepEqual(dogs.insert("rex", rex), { collection: dogs, kind: "insert", id: "rex", value: rex });
  assert.deepEqual(dogs.remove("rex"), { collection: dogs, kind: "remove", id: "rex" });
});

test("options that change later change no collection", () => {
  const indexes: Record<string, () => number> = {};

  const dogs = defineCollection<Dog>("dogs", { indexes });
  indexes["late"] = () => 1;

  assert.deepEqual(dogs.indexes, {});
});

test("the compiler takes a collection for no other one", () => {
  const dogs = defineCollection<Dog>("dogs");
  const animals = defineCollection<Animal>("animals");

  // @ts-expect-error An animal that is put in would come out as a dog.
  const fewer: Collection<Animal> = dogs;
  // @ts-expect-error An animal that comes out is no dog.
  const more: Collection<Dog> = animals;
  const any: readonly AnyCollection[] = [dogs, animals];

  assert.deepEqual([fewer, more], any);
});
