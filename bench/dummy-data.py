"""Prints the rate, in rows a second, at which Python Faker with its default settings makes the rows of dummy-data.mjs."""

import sys
import time

from faker import Faker

seconds = float(sys.argv[1])
fake = Faker()
Faker.seed(42)
for _ in range(200):  # warm up
    fake.name(), fake.street_address(), fake.city(), fake.postcode(), fake.iban()
rows = 0
start = time.perf_counter()
while time.perf_counter() - start < seconds:
    for _ in range(100):
        row = (fake.name(), fake.street_address(), fake.city(), fake.postcode(), fake.iban())
    rows += 100
print(rows / (time.perf_counter() - start))
