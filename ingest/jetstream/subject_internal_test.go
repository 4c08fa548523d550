package jetstream

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The pairs are those of the NATS server's own test of its gateway
// (TestMQTTTopicAndSubjectConversion, nats-server 2.15.3, Apache-2.0).
func TestTopicsAreWrittenAsTheGatewayDoes(t *testing.T) {
	t.Parallel()
	for mqtt, nats := range map[string]string{
		"/": "/./", "//": "/././", "///": "/./././", "foo": "foo", "/foo": "/.foo", "//foo": "/./.foo",
		"///foo/": "/././.foo./", "///foo//": "/././.foo././", "//.foo.//": "/././/foo//././", "foo/bar": "foo.bar",
		"/foo/bar/": "/.foo.bar./", "bar/": "bar./", "bar//": "bar././", "foo//bar": "foo./.bar",
		"foo////bar": "foo./././.bar", ".": "//", "..": "////", "./": "//./", ".//.": "//././/", "././.": "//.//.//",
		"././/.": "//.//././/", ".foo.": "//foo//", "foo../bar/": "foo////.bar./", "./foo/.": "//.foo.//",
		"foo.bar/baz": "foo//bar.baz", "/foo/bar/baz": "/.foo.bar.baz",
	} {
		if got := subject(mqtt); got != nats {
			t.Errorf("topic %q is subject %q, want %q", mqtt, got, nats)
		}
		if got := topic(subjectPrefix + nats); got != mqtt {
			t.Errorf("subject %q is topic %q, want %q", nats, got, mqtt)
		}
	}
}

func TestFiltersOfAConsumer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ filters, want []string }{
		"native": {
			[]string{"presage/v1/+/telemetry", "presage/v1/+/event"},
			[]string{"$MQTT.msgs.presage.v1.*.event", "$MQTT.msgs.presage.v1.*.telemetry"},
		},
		"a tree has its root": {
			[]string{"telemetry/+/#"}, []string{"$MQTT.msgs.telemetry.*", "$MQTT.msgs.telemetry.*.>"},
		},
		"one covers the others": {
			[]string{"a/#", "a/+/c", "a/b", "a/b/c", "b/+", "b/x", "b/+"},
			[]string{"$MQTT.msgs.a", "$MQTT.msgs.a.>", "$MQTT.msgs.b.*"},
		},
		"a dot in a level": {[]string{"a.b/+"}, []string{"$MQTT.msgs.a//b.*"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := subjects(c.filters)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
	for _, bad := range [][]string{nil, {""}, {"a b"}, {"a/>"}, {"a", "b*"}} {
		if got, err := subjects(bad); err == nil {
			t.Errorf("%q was taken as %q", bad, got)
		}
	}
}
