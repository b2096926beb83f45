// Only data is used of it, so that nothing of what it requires is pinned, fetched or built.
module mcpaas.dev/rehearsal/keda

go 1.26.4

require github.com/kedacore/keda/v2 v2.16.1
