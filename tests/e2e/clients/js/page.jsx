// The test page of the sample in docs/api.md. given.json has what an app knows of its user.
import { initializeApp } from 'firebase/app';
import { connectFirestoreEmulator, getFirestore } from 'firebase/firestore/lite';
import { createRoot } from 'react-dom/client';
import { Practice } from './practice.jsx';

const { functions, firestore, tokens, start } = await (await fetch('given.json')).json();
const db = getFirestore(initializeApp({ projectId: firestore.project, apiKey: 'unused' }));
connectFirestoreEmulator(db, firestore.host, firestore.port, { mockUserToken: tokens[0] });
let taken = 0;
const getToken = async () => tokens[taken++ % tokens.length];

createRoot(document.getElementById('root')).render(
  <Practice url={(name) => `${functions}/${name}`} getToken={getToken} db={db} start={start} />,
);
