#!/bin/sh
# build.sh operaton|camunda: builds the vendor's server if it is older than its sources. Needs Maven and a JDK 17.
set -eu
cd "$(dirname "$0")"
built="target/$1/class-path.txt"
case $1 in camunda) profile=-Dcamunda ;; *) profile='' ;; esac
# Options for a JVM that lives for seconds.
export MAVEN_OPTS="${MAVEN_OPTS-} -XX:+UseSerialGC -XX:TieredStopAtLevel=1"

is_built() {
  [ -f "$built" ] && [ -z "$(find pom.xml src -newer "$built")" ] && tr : '\n' <"$built" | xargs ls >/dev/null 2>&1
}

is_built || mvn -q -B $profile compile dependency:build-classpath
# Maven does not touch a file that stays the same.
touch "$built"
