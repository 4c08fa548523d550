//go:build integration

package api_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/axe/axe.min.js
var axe string

// browser is headless Chromium on one tab of one window, with all that it
// complained of and fetched.
type browser struct {
	*rig

	host   string
	ctx    context.Context //nolint:containedctx // it is chromedp's handle of the tab
	t      *testing.T
	script bool
	mu     sync.Mutex
	faults []string
	weight map[network.RequestID]int64
}

// window is what a page is looked at with.
type window struct {
	width, height int64
	script        bool
}

// inEveryWindow runs a test as wide as a desk and as a phone, with scripts and without,
// in both languages.
func inEveryWindow(t *testing.T, test func(t *testing.T, w window, lang string)) {
	t.Helper()
	for _, w := range []window{{1440, 900, true}, {390, 844, true}, {390, 844, false}, {1440, 900, false}} {
		for _, lang := range []string{"zh", "en"} {
			t.Run(fmt.Sprintf("%d %s script=%v", w.width, lang, w.script), func(t *testing.T) {
				t.Parallel()
				test(t, w, lang)
			})
		}
	}
}

// atTheDesk runs a test in every window as somebody of ours, each over a world of its own.
func atTheDesk(t *testing.T, test func(t *testing.T, b *browser, lang string)) {
	t.Helper()
	inEveryWindow(t, func(t *testing.T, w window, lang string) {
		t.Helper()
		b := start(t, nil).browse(t, w)
		b.asAdviser()
		test(t, b, lang)
	})
}

// browse opens a tab, or skips where there is no Chromium.
func (r *rig) browse(t *testing.T, w window) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on the path: make deps installs it")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath(path))
	all, end := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(end)
	ctx, end := chromedp.NewContext(all)
	t.Cleanup(end)
	ctx, end = context.WithTimeout(ctx, 5*time.Minute) // of a busy machine; seconds otherwise
	t.Cleanup(end)
	b := &browser{
		rig: r, host: strings.TrimPrefix(r.URL, "http://"), ctx: ctx, t: t, script: w.script,
		weight: map[network.RequestID]int64{},
	}
	chromedp.ListenTarget(ctx, b.heed)
	b.do(network.Enable(), log.Enable(), runtime.Enable(), chromedp.EmulateViewport(w.width, w.height),
		emulation.SetScriptExecutionDisabled(!w.script))
	return b
}

// heed notes what a page must not do.
func (b *browser) heed(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Host != b.host && u.Scheme != "data" {
			b.faults = append(b.faults, "asks another host: "+e.Request.URL)
		}
	case *network.EventLoadingFinished:
		b.weight[e.RequestID] = int64(e.EncodedDataLength)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError && !answered(e.Entry.Text) {
			b.faults = append(b.faults, "console: "+e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, "exception: "+e.ExceptionDetails.Error())
	}
}

// answered tells that a form or a link was refused as meant: the page says why.
func answered(text string) bool {
	return slices.ContainsFunc([]string{"status of 409", "status of 410", "status of 422"}, func(s string) bool {
		return strings.Contains(text, s)
	})
}

// asAdviser shows the admin key with all that it asks for.
func (b *browser) asAdviser() {
	b.t.Helper()
	b.do(network.SetExtraHTTPHeaders(network.Headers{"Authorization": "Bearer " + adminKey}))
}

func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	for _, action := range actions {
		err := chromedp.Run(b.ctx, action)
		for tries := 0; replaced(err) && tries < 100; tries++ {
			err = chromedp.Run(b.ctx, action)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// replaced tells that the page was replaced under an action, which is done again on the new one.
func replaced(err error) bool {
	return err != nil && slices.ContainsFunc([]string{
		"No node with given id found", "Cannot find context with specified id", "Inspected target navigated or closed",
	}, func(s string) bool { return strings.Contains(err.Error(), s) })
}

// open goes to a page and tells its weight with all it fetched.
func (b *browser) open(path string) {
	b.t.Helper()
	b.mu.Lock()
	clear(b.weight)
	b.mu.Unlock()
	b.do(network.SetCacheDisabled(true), chromedp.Navigate(b.URL+path))
}

// weighs checks what the page weighs that was opened last, with all it fetches, in bytes.
func (b *browser) weighs(what string, most int64) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := int64(0)
	for _, n := range b.weight {
		sum += n
	}
	b.t.Logf("%s weighs %d bytes", what, sum)
	if sum > most || sum < 5_000 {
		b.t.Errorf("%s weighs %d bytes, want at most %d", what, sum, most)
	}
}

// press does what Enter does with what a selector finds, and waits until the page
// holds what comes of it; what it held before does not count.
func (b *browser) press(selector, then string) {
	b.t.Helper()
	var before []*cdp.Node
	b.do(chromedp.Nodes(then, &before, chromedp.ByQueryAll, chromedp.AtLeast(0)))
	for _, n := range before {
		err := chromedp.Run(b.ctx, dom.SetAttributeValue(n.NodeID, "data-before", ""))
		if err != nil && !strings.Contains(err.Error(), "Could not find node") { // one that is gone needs no mark
			b.t.Fatal(err)
		}
	}
	b.do(chromedp.SendKeys(selector, kb.Enter, chromedp.ByQuery))
	b.shows(":is(" + then + "):not([data-before])")
}

// shows waits for an element.
func (b *browser) shows(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(selector, chromedp.ByQuery))
}

// text reads an element; the DOM is asked, so that it works without scripts.
func (b *browser) text(selector string) string {
	b.t.Helper()
	var s string
	b.do(chromedp.Text(selector, &s, chromedp.ByQuery))
	return strings.Join(strings.Fields(s), " ")
}

// shot keeps a picture where PRESAGE_SHOTS names a folder.
func (b *browser) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("PRESAGE_SHOTS")
	if dir == "" {
		return
	}
	var png []byte
	b.do(chromedp.FullScreenshot(&png, 100))
	file := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "-").Replace(b.t.Name())+"-"+name+".png")
	if err := os.WriteFile(file, png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// clean tells what the browser complained of and what axe-core finds serious, and
// that nothing is wider than the window.
func (b *browser) clean(what string) {
	b.t.Helper()
	b.quiet(what)
	if !b.script {
		return
	}
	var found string
	var wide bool
	b.do(chromedp.Poll(`document.readyState === "complete"`, nil),
		chromedp.Evaluate(`document.documentElement.scrollWidth > window.innerWidth`, &wide),
		chromedp.Evaluate(axe, nil),
		chromedp.Evaluate(`axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations
			.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => ({id: v.id, at: v.nodes.map(n => n.html)}))))`,
			&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if wide {
		b.t.Errorf("%s: the page is wider than the window", what)
	}
	var rows []struct {
		ID string
		At []string
	}
	if err := json.Unmarshal([]byte(found), &rows); err != nil {
		b.t.Fatal(err)
	}
	for _, x := range rows {
		b.t.Errorf("%s: axe-core: %s: %.300q", what, x.ID, x.At)
	}
}

// quiet tells what the browser complained of.
func (b *browser) quiet(what string) {
	b.t.Helper()
	b.mu.Lock()
	faults := b.faults
	b.faults = nil
	b.mu.Unlock()
	for _, f := range faults {
		b.t.Errorf("%s: %s", what, f)
	}
}
