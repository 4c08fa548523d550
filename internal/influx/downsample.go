package influx

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/influxdata/influxdb-client-go/v2/api"
)

// lateness is how far back the task computes its means again at each run:
// cars that stood in a garage upload days later. Writing a mean again changes
// nothing but its value.
const lateness = 72 * time.Hour

// coarse is the bucket of the means.
func (s *setup) coarse() string { return coarseBucket(s.config, s.wanted) }

func coarseBucket(c Config, w Wanted) string {
	database, policy, old := strings.Cut(c.Bucket, "/")
	if old {
		return database + "/" + policy + "_" + span(w.Downsample)
	}
	return c.Bucket + "_" + span(w.Downsample)
}

func (s *setup) taskName() string { return "presage means of " + s.config.Bucket }

// task makes the task of down-sampling unless there is one of its name.
func (s *setup) task(ctx context.Context) error {
	flux := s.flux()
	todo := "influx task create --org " + s.config.Org + " <<'EOF'\n" + flux + "EOF"
	have, err := s.client.TasksAPI().FindTasks(ctx, &api.TaskFilter{Name: s.taskName(), OrgName: s.config.Org})
	if err != nil {
		return s.failed("read tasks", err, todo)
	}
	if len(have) > 0 && have[0].Flux == flux {
		return nil
	}
	if len(have) > 0 {
		have[0].Flux = flux
		if _, err := s.client.TasksAPI().UpdateTask(ctx, &have[0]); err != nil {
			return s.failed("change the task of down-sampling", err, todo)
		}
		s.out.Done = append(s.out.Done, "changed task "+s.taskName())
		return nil
	}
	if _, err := s.client.TasksAPI().CreateTaskByFlux(ctx, flux, *s.org.Id); err != nil {
		return s.failed("create the task of down-sampling", err, todo)
	}
	s.out.Done = append(s.out.Done, "created task "+s.taskName())
	return nil
}

// flux computes the means of all numbers, late data included.
func (s *setup) flux() string {
	return fmt.Sprintf(`import "date"
import "types"

option task = {name: %[1]s, every: %[2]s, offset: 5m}

from(bucket: %[3]s)
  |> range(start: date.truncate(t: -%[4]s, unit: %[2]s))
  |> filter(fn: (r) => r._measurement == %[5]s)
  |> filter(fn: (r) => types.isType(v: r._value, type: "float"))
  |> aggregateWindow(every: %[2]s, fn: mean, createEmpty: false)
  |> to(bucket: %[6]s)
`, quote(s.taskName()), span(s.wanted.Downsample), quote(s.config.Bucket),
		span(max(lateness, 2*s.wanted.Downsample)), quote(telemetry), quote(s.coarse()))
}

// create is the command that makes a bucket.
func (s *setup) create(name string, keep time.Duration) string {
	return fmt.Sprintf("influx bucket create --name %s --org %s --retention %s", name, s.config.Org, span(keep))
}

// commands are those that make everything on InfluxDB 2.
func (s *setup) commands() []string {
	todo := []string{
		"influx org create --name " + s.config.Org, s.create(s.config.Bucket, s.wanted.Retention),
	}
	if s.wanted.Downsample > 0 {
		todo = append(todo, s.create(s.coarse(), s.wanted.DownsampleRetention),
			"influx task create --org "+s.config.Org+" <<'EOF'\n"+s.flux()+"EOF")
	}
	return todo
}

// oneEight are the commands that make everything on InfluxDB 1.8, in InfluxQL.
func oneEight(c Config, w Wanted) []string {
	database, policy, _ := strings.Cut(c.Bucket, "/")
	policy = orAutogen(policy)
	duration := func(d time.Duration) string {
		if d == 0 {
			return "INF"
		}
		return span(d)
	}
	todo := []string{fmt.Sprintf("CREATE DATABASE %q", database)}
	if policy != "autogen" || w.Retention > 0 {
		verb := "CREATE"
		if policy == "autogen" {
			verb = "ALTER"
		}
		todo = append(todo, fmt.Sprintf("%s RETENTION POLICY %q ON %q DURATION %s REPLICATION 1",
			verb, policy, database, duration(w.Retention)))
	}
	if w.Downsample == 0 {
		return todo
	}
	_, means, _ := strings.Cut(coarseBucket(Config{Bucket: database + "/" + policy}, w), "/")
	every := span(w.Downsample)
	return append(todo,
		fmt.Sprintf("CREATE RETENTION POLICY %q ON %q DURATION %s REPLICATION 1", means, database,
			duration(w.DownsampleRetention)),
		fmt.Sprintf("CREATE CONTINUOUS QUERY %q ON %q RESAMPLE EVERY %s FOR %s BEGIN SELECT mean(*) INTO %q.%q.%q "+
			"FROM %q.%q.%q GROUP BY time(%s), * END", "presage_means", database, every,
			span(max(lateness, 2*w.Downsample)), database, means, telemetry, database, policy, telemetry, every))
}

func orAutogen(policy string) string {
	if policy == "" {
		return "autogen"
	}
	return policy
}
