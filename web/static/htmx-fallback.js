// Where the CDN did not answer, or sent other bytes than promised, the checked copy on this machine takes its place.
window.htmx || document.write('<script src="' + document.currentScript.dataset.local + '"><\/script>');
