package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"presage/api/apitest"
)

type talk struct {
	CustomerID string `json:"customer_id"`
	State      string
	Owner      string
	Why        string
	Late       bool
}

// What waits is listed, read, given to somebody, answered and so closed.
func TestConversations(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/v1/conversations"
	queue := decode[list[talk]](t, r.get(t, path+"?state=open"))
	if len(queue.Items) < 2 || queue.Items[0].Why != "The customer's reply needs a person to read it" {
		t.Fatalf("queue %+v", queue)
	}
	one := path + "/" + queue.Items[0].CustomerID
	thread := r.get(t, one)
	want(t, thread, http.StatusOK)
	if !strings.Contains(thread.body, `"from":"customer"`) || !strings.Contains(thread.body, `"channels":["sms"]`) {
		t.Errorf("thread %s", thread.body)
	}
	if saw := r.world.Saw(); len(saw) != 0 {
		t.Errorf("asking for a conversation counts as reading it: %v", saw)
	}
	read := r.json(t, one+"/read", "")
	want(t, read, http.StatusOK)
	if saw := r.world.Saw(); len(saw) != 1 || !strings.HasSuffix(one, saw[0]) {
		t.Errorf("read: %v", saw)
	}
	want(t, r.json(t, path+"/nobody/read", ""), http.StatusNotFound)
	given := r.json(t, one+"/actions", `{"action":"assign","who":"Mia","owner":"Li Na"}`)
	want(t, given, http.StatusOK)
	if got := decode[list[talk]](t, r.get(t, path+"?owner=Li+Na")); len(got.Items) != 1 || got.Items[0].Owner != "Li Na" {
		t.Errorf("of Li Na: %+v", got)
	}
	until := now().Add(time.Hour).Format(time.RFC3339)
	want(t, r.json(t, one+"/actions", `{"action":"snooze","who":"Mia","until":"`+until+`"}`), http.StatusOK)
	want(t, r.json(t, one+"/messages", `{"who":"Mia","text":"Yes, we do."}`), http.StatusCreated)
	if got := decode[list[talk]](t, r.get(t, path+"?state=closed")); len(got.Items) != 1 {
		t.Errorf("closed: %+v", got)
	}
	want(t, r.json(t, one+"/actions", `{"action":"close","who":"Mia"}`), http.StatusConflict)
	want(t, r.get(t, path+"/nobody"), http.StatusNotFound)
	want(t, r.json(t, path+"/"+apitest.StoppedCustomer+"/messages", `{"who":"Mia","text":"Hello"}`), http.StatusConflict)
	want(t, r.get(t, path+"?after=nobody"), http.StatusUnprocessableEntity)
}

// All faults are named at once, each at its field.
func TestConversationFaults(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for path, wanted := range map[string][]string{
		"/messages": {"body.text", "body.who"},
		"/actions":  {"body.action", "body.who", "body.until"},
	} {
		a := r.json(t, "/v1/conversations/c-1"+path, `{"until":"2020-01-01T00:00:00Z"}`)
		if path == "/messages" {
			a = r.json(t, "/v1/conversations/c-1"+path, `{}`)
		}
		want(t, a, http.StatusUnprocessableEntity)
		for _, field := range wanted {
			if !strings.Contains(a.body, field) {
				t.Errorf("%s: %s is not named: %s", path, field, a.body)
			}
		}
	}
}

func TestConversationExamples(t *testing.T) {
	t.Parallel()
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct{ Example any }
			}
		}
	}
	if err := json.Unmarshal([]byte(start(t, nil).get(t, "/openapi.json").body), &doc); err != nil {
		t.Fatal(err)
	}
	for _, x := range [][3]string{
		{"/v1/conversations", "get", "200"},
		{"/v1/conversations/{customer}", "get", "200"},
		{"/v1/conversations/{customer}/messages", "post", "201"},
		{"/v1/conversations/{customer}/actions", "post", "200"},
		{"/v1/conversations/{customer}/read", "post", "200"},
	} {
		if doc.Paths[x[0]][x[1]].Responses[x[2]].Content["application/json"].Example == nil {
			t.Errorf("%v has no example", x)
		}
	}
}
